package io.millrace.transport.websocket;

import io.millrace.session.AttributeMap;
import io.millrace.transport.CloseReason;
import io.millrace.transport.Connection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;

/** A client's side: asks, and looks at the answer. Redirects are refused as any other status but 101. */
final class ClientOpening extends Opening {
    private static final int KEY_BYTES = 16;
    private static final int SWITCHING = 101;

    private final String key;

    ClientOpening(final WebSocketContext context, final URI uri, final SecureRandom random) {
        super(context);
        if (uri.getHost() == null || uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("want scheme://host:port/path, without a user: uri=" + uri);
        }
        final byte[] bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        key = Base64.getEncoder().encodeToString(bytes);
        HttpFields fields = HttpFields.EMPTY
                .with("Host", host(uri))
                .with("Upgrade", "websocket")
                .with("Connection", "Upgrade")
                .with(KEY, key)
                .with(SEC_VERSION, VERSION);
        if (!context.protocols().isEmpty()) {
            fields = fields.with(PROTOCOL, String.join(", ", context.protocols()));
        }
        if (context.deflate().isPresent()) {
            fields =
                    fields.with(EXTENSIONS, DeflateTerms.offer(context.deflate().get()));
        }
        for (final var entry : context.headers().entries()) {
            fields = fields.with(entry.getKey(), entry.getValue());
        }
        // A URI may have letters of all alphabets, a request may not.
        final URI ascii = URI.create(uri.toASCIIString());
        final String path = ascii.getRawPath() == null || ascii.getRawPath().isEmpty() ? "/" : ascii.getRawPath();
        final String query = ascii.getRawQuery() == null ? "" : ascii.getRawQuery();
        request = new HttpRequest("GET", path, query, 1, fields);
        if (request.weightBytes() > AttributeMap.DEFAULT_MAX_BYTES) {
            throw new IllegalArgumentException("the request is too long to be kept as an attribute: maxBytes="
                    + AttributeMap.DEFAULT_MAX_BYTES + " bytes=" + request.weightBytes());
        }
        say(encode(request));
    }

    @Override
    void begin(final Connection made) {
        super.begin(made);
        made.attributes().set(WebSocket.REQUEST, request);
    }

    /** Without the port that the scheme stands for: RFC 6455 section 4.1. */
    private static String host(final URI uri) {
        final int usual = uri.getScheme().equalsIgnoreCase("wss") ? 443 : 80;
        return uri.getHost() + (uri.getPort() < 0 || uri.getPort() == usual ? "" : ":" + uri.getPort());
    }

    private static byte[] encode(final HttpRequest request) {
        final StringBuilder head = new StringBuilder(256).append("GET ").append(request.path());
        if (!request.query().isEmpty()) {
            head.append('?').append(request.query());
        }
        head.append(" HTTP/1.1\r\n");
        request.fields().writeTo(head);
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    void onBadHead(final HttpException ex) {
        refuse(CloseReason.UPGRADE_FAILED, "malformed response: " + ex.getMessage());
    }

    /** RFC 9110 section 15.2: such as 103, with the answer behind it. */
    @Override
    boolean isInterim(final HeadParser whole) throws HttpException {
        return whole.status() < 200 && whole.status() != SWITCHING;
    }

    @Override
    void onHead(final HeadParser whole) throws HttpException {
        final int status = whole.status();
        responseFields = whole.fields();
        keep(WebSocket.RESPONSE, new HttpResponse(status, responseFields));
        if (status != SWITCHING) {
            refuse(
                    CloseReason.UPGRADE_REFUSED,
                    "WebSocket handshake refused: status=" + status
                            + responseFields
                                    .first("Location")
                                    .map(to -> " location=" + to)
                                    .orElse(""));
            return;
        }
        check("Upgrade", responseFields.lists("Upgrade", "websocket"));
        check("Connection", responseFields.lists("Connection", "upgrade"));
        check(ACCEPT, responseFields.all(ACCEPT).equals(List.of(acceptOf(key))));
        final List<String> chosen = responseFields.all(PROTOCOL);
        check(
                PROTOCOL,
                chosen.isEmpty() || (chosen.size() == 1 && context.protocols().contains(chosen.get(0))));
        protocol = chosen.stream().findFirst();
        final List<Extension> extensions = Extension.parse(responseFields.elements(EXTENSIONS));
        check(
                EXTENSIONS,
                extensions.isEmpty()
                        || (extensions.size() == 1 && context.deflate().isPresent()));
        if (!extensions.isEmpty()) {
            deflate = java.util.Optional.of(
                    DeflateTerms.accept(extensions.get(0), context.deflate().orElseThrow()));
        }
        open();
    }

    private void check(final String name, final boolean holds) throws HttpException {
        if (!holds) {
            throw new HttpException(0, "not what was asked for: " + name + "=" + responseFields.all(name));
        }
    }
}
