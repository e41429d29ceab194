package io.millrace.transport.aeron;

import io.aeron.ConcurrentPublication;
import io.aeron.Image;
import io.aeron.Subscription;
import io.millrace.transport.channel.MessageOptions;
import java.io.IOException;
import java.net.SocketAddress;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A server's streams to one client: it subscribes to the client's session, publishes the answer with a reference to what came
 * of that, and says welcome, or that it does not want to.
 */
final class ServerOpening implements Opening {
    private static final int NONE = -1;
    private static final int LONGEST_TEXT = 256;

    private final AeronClient client;
    private final AeronUri uri;
    private final MessageOptions options;
    private final AeronContext context;
    private final SocketAddress remoteAddress;
    private final SocketAddress localAddress;
    private final String refusal;
    private final UnsafeBuffer out = new UnsafeBuffer(new byte[LONGEST_TEXT + Integer.BYTES]);
    private final long requestId;
    private long responseId = NONE;
    private Subscription requests;
    private Image image;
    private ConcurrentPublication responses;
    private boolean said;

    /** With a refusal, all that is said is that; null for none. */
    ServerOpening(
            final AeronClient client,
            final AeronUri uri,
            final MessageOptions options,
            final AeronContext context,
            final int sessionId,
            final SocketAddress localAddress,
            final SocketAddress remoteAddress,
            final String refusal) {
        this.client = client;
        this.uri = uri;
        this.options = options;
        this.context = context;
        this.localAddress = localAddress;
        this.remoteAddress = remoteAddress;
        this.refusal = refusal;
        requestId = client.addSubscription(uri.requestSubscription(sessionId), uri.requestStream());
    }

    @Override
    public boolean poll() throws IOException {
        if (requests == null) {
            requests = client.subscription(requestId);
        }
        if (requests != null && image == null && requests.imageCount() > 0) {
            image = requests.imageAtIndex(0);
            responseId = client.addPublication(
                    uri.responsePublication(Long.toString(image.correlationId()), options, context),
                    uri.responseStream());
        }
        if (image != null && responses == null) {
            responses = client.publication(responseId);
        }
        if (responses == null) {
            return false;
        }
        if (image.isClosed()) {
            throw new IOException("the client went away while it connected: client=" + remoteAddress);
        }
        if (!said && responses.isConnected()) {
            said = refusal == null ? Wire.welcome(responses, out) : Wire.refused(responses, out, refusal);
        }
        return said;
    }

    /** Lets go of a refused client. */
    void leave() {
        if (responses != null) {
            responses.close();
        }
        if (requests != null) {
            requests.close();
        }
    }

    @Override
    public ConcurrentPublication publication() {
        return responses;
    }

    @Override
    public Image image() {
        return image;
    }

    @Override
    public SocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public SocketAddress remoteAddress() {
        return remoteAddress;
    }
}
