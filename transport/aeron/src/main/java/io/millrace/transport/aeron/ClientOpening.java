package io.millrace.transport.aeron;

import io.aeron.ConcurrentPublication;
import io.aeron.ExclusivePublication;
import io.aeron.Image;
import io.aeron.Subscription;
import io.aeron.logbuffer.Header;
import io.millrace.transport.CloseReason;
import io.millrace.transport.ProtocolException;
import io.millrace.transport.channel.MessageOptions;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A client's streams: it subscribes to the answer, publishes its requests in a session of its own with a reference to that
 * subscription, knocks with the session's number, and waits for the welcome that is the first thing on the answer's stream.
 */
final class ClientOpening implements Opening {
    /** Over shared memory it is known at once whether somebody listens; nearly. */
    private static final long IPC_LISTENER_NS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final int NONE = -1;

    private final AeronClient client;
    private final AeronUri uri;
    private final MessageOptions options;
    private final AeronContext context;
    private final int sessionId = ThreadLocalRandom.current().nextInt();
    private final UnsafeBuffer out = new UnsafeBuffer(new byte[Wire.HELLO_LENGTH]);
    private final long responseId;
    private long requestId = NONE;
    private long knockId = NONE;
    private Subscription responses;
    private ConcurrentPublication requests;
    private ExclusivePublication knock;
    private Image image;
    private boolean knocked;
    private boolean welcome;
    private long knockingSinceNs;
    private String refusal;

    ClientOpening(
            final AeronClient client, final AeronUri uri, final MessageOptions options, final AeronContext context) {
        this.client = client;
        this.uri = uri;
        this.options = options;
        this.context = context;
        responseId = client.addSubscription(uri.responseSubscription(), uri.responseStream());
    }

    @Override
    public boolean poll() throws IOException {
        final Throwable unreachable = client.takeEndpointFailure();
        if (unreachable != null) {
            throw new IOException(AeronErrors.text(unreachable) + ": uri=" + uri.uri(), unreachable);
        }
        if (!add() || !knock()) {
            return false;
        }
        if (image == null && responses.imageCount() > 0) {
            image = responses.imageAtIndex(0);
        }
        if (image == null) {
            return false;
        }
        if (!welcome) {
            // What lies behind the welcome is the connection's.
            image.poll(this::onFragment, 1);
        }
        if (refusal != null) {
            throw new ProtocolException(
                    CloseReason.REFUSED, CloseReason.REFUSED.text() + ": " + refusal + ": uri=" + uri.uri());
        }
        return welcome && requests.isConnected();
    }

    /** Whether all three are there. */
    private boolean add() throws IOException {
        if (responses == null) {
            responses = client.subscription(responseId);
            if (responses != null) {
                requestId = client.addPublication(
                        uri.requestPublication(sessionId, responseId, options, context), uri.requestStream());
                knockId = client.addExclusivePublication(uri.knockPublication(), uri.knockStream());
            }
            return false;
        }
        if (requests == null) {
            requests = client.publication(requestId);
        }
        if (knock == null) {
            knock = client.exclusivePublication(knockId);
            knockingSinceNs = options.clock().nanoTime();
        }
        return requests != null && knock != null;
    }

    private boolean knock() throws IOException {
        if (!knocked) {
            knocked = knock.isConnected() && Wire.hello(knock, out, sessionId);
            final long waitNs = uri.isIpc() ? IPC_LISTENER_NS : context.listenerTimeoutNs();
            if (!knocked && options.clock().nanoTime() - knockingSinceNs > waitNs) {
                throw new IOException("nobody listens: uri=" + uri.uri());
            }
        }
        return knocked;
    }

    private void onFragment(final DirectBuffer buffer, final int offset, final int length, final Header header) {
        if (header.reservedValue() == Wire.REFUSED) {
            refusal = Wire.refusalText(buffer, offset, length);
        } else if (header.reservedValue() != Wire.WELCOME || length < Wire.WELCOME_LENGTH) {
            refusal = "the listener speaks otherwise: length=" + length;
        } else if (Wire.version(buffer, offset) == Wire.VERSION) {
            welcome = true;
        } else {
            refusal =
                    "the listener speaks otherwise: version=" + Wire.version(buffer, offset) + " want=" + Wire.VERSION;
        }
    }

    @Override
    public ConcurrentPublication publication() {
        knock.close();
        return requests;
    }

    @Override
    public Image image() {
        return image;
    }

    @Override
    public SocketAddress localAddress() {
        if (uri.isIpc()) {
            return uri.ipcAddress();
        }
        final List<String> addresses = requests.localSocketAddresses();
        return addresses.isEmpty() ? null : Addresses.parse(addresses.get(0));
    }

    @Override
    public SocketAddress remoteAddress() {
        return uri.isIpc() ? uri.ipcAddress() : uri.address();
    }
}
