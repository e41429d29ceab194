package io.millrace.transport.websocket;

import io.millrace.transport.CloseReason;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** A server's side: reads a request, and answers it. */
final class ServerOpening extends Opening {
    private static final System.Logger LOGGER = System.getLogger(ServerOpening.class.getName());
    private static final int KEY_BYTES = 16;

    /** RFC 9110 section 5.6.7: a day of one digit has a zero before it. */
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    /** The only path that leads to a WebSocket; empty for all. */
    private final String path;

    /** Null for a server without a clock. */
    private final InstantSource clock;

    /** Its answers carry no date. */
    ServerOpening(final WebSocketContext context, final String path) {
        this(context, path, null);
    }

    ServerOpening(final WebSocketContext context, final String path, final InstantSource clock) {
        super(context);
        this.path = path;
        this.clock = clock;
    }

    @Override
    void onBadHead(final HttpException ex) {
        answer(HttpAnswer.status(ex.status()).body(ex.getMessage() + "\n"), HttpFields.EMPTY);
        refuse(CloseReason.UPGRADE_FAILED, "malformed request: status=" + ex.status() + " " + ex.getMessage());
    }

    @Override
    void onHead(final HeadParser whole) throws HttpException {
        request = whole.request();
        keep(WebSocket.REQUEST, request);
        if (!request.asksForUpgrade()) {
            final HttpAnswer answer = ask(context.requestHook());
            if (answer.isUpgrade()) {
                throw new HttpException(500, "no upgrade was asked for");
            }
            answer(answer, HttpFields.EMPTY);
            refuse(
                    CloseReason.HTTP_ANSWERED,
                    "plain HTTP request answered: status=" + answer.status() + " path=" + request.path());
        } else {
            upgrade();
        }
    }

    private HttpAnswer ask(final HttpHook hook) {
        try {
            return Objects.requireNonNull(hook.answer(connection(), request), "a hook answered null");
        } catch (final Throwable ex) {
            LOGGER.log(System.Logger.Level.DEBUG, "a hook threw: path=" + request.path(), ex);
            return HttpAnswer.status(500);
        }
    }

    private void upgrade() throws HttpException {
        checkUpgrade();
        if (!request.fields().all(SEC_VERSION).equals(List.of(VERSION))) {
            turnDown(HttpAnswer.upgradeRequired());
            return;
        }
        final HttpAnswer answer =
                path.isEmpty() || path.equals(request.path()) ? ask(context.upgradeHook()) : HttpAnswer.status(404);
        if (answer.isUpgrade()) {
            accept(answer);
        } else {
            turnDown(answer);
        }
    }

    private void turnDown(final HttpAnswer answer) {
        answer(answer, HttpFields.EMPTY);
        refuse(
                CloseReason.UPGRADE_REFUSED,
                "WebSocket handshake refused: status=" + answer.status() + " path=" + request.path());
    }

    private void checkUpgrade() throws HttpException {
        final HttpFields fields = request.fields();
        if (!request.method().equals("GET") || request.version() != 1) {
            throw new HttpException(400, "an upgrade takes GET and HTTP/1.1: method=" + request.method());
        }
        if (!fields.lists("Connection", "upgrade")) {
            throw new HttpException(400, "an upgrade takes Connection: upgrade");
        }
        if (!fields.all("Transfer-Encoding").isEmpty()
                || fields.all("Content-Length").stream().anyMatch(length -> !length.equals("0"))) {
            throw new HttpException(400, "an upgrade has no body");
        }
        final List<String> keys = fields.all(KEY);
        if (keys.size() != 1 || !isKey(keys.get(0))) {
            throw new HttpException(400, "not one Sec-WebSocket-Key of 16 bytes: count=" + keys.size());
        }
    }

    private static boolean isKey(final String text) {
        try {
            return Base64.getDecoder().decode(text).length == KEY_BYTES && text.length() == 24;
        } catch (final IllegalArgumentException ex) {
            return false;
        }
    }

    private void accept(final HttpAnswer answer) throws HttpException {
        final List<String> offered = request.fields().elements(PROTOCOL);
        protocol = answer.protocol()
                .or(() -> context.protocols().stream().filter(offered::contains).findFirst());
        if (protocol.isPresent() && !offered.contains(protocol.get())) {
            throw new HttpException(500, "a hook chose a sub-protocol that is not offered: name=" + protocol.get());
        }
        if (context.deflate().isPresent()) {
            deflate = DeflateTerms.choose(
                    Extension.parse(request.fields().elements(EXTENSIONS)),
                    context.deflate().get());
        }
        HttpFields own = HttpFields.EMPTY
                .with("Upgrade", "websocket")
                .with("Connection", "Upgrade")
                .with(ACCEPT, acceptOf(request.fields().first(KEY).orElseThrow()));
        if (protocol.isPresent()) {
            own = own.with(PROTOCOL, protocol.get());
        }
        if (deflate.isPresent()) {
            own = own.with(EXTENSIONS, deflate.get().answer());
        }
        final HttpAnswer all = answer.with(context.headers());
        answer(all, own);
        responseFields = all.fields();
        open();
    }

    private void answer(final HttpAnswer answer, final HttpFields own) {
        final boolean withBody = request == null || !request.method().equals("HEAD");
        final boolean dated = clock != null && !answer.isUpgrade();
        say(answer.encode(dated ? own.with("Date", DATE.format(clock.instant())) : own, withBody));
    }
}
