package io.millrace.transport.agent;

import io.millrace.transport.CloseReason;
import io.millrace.transport.tls.TlsSide;
import java.util.function.BiConsumer;

/**
 * Makes a client's connection once more, without an offer to resume a session, if its handshake failed, or was reset, while
 * one was offered: a server that chokes on a ticket must not lock its client out. The connection's thread.
 */
public final class OfferRetry implements ConnectionOwner {
    private static final System.Logger LOGGER = System.getLogger(OfferRetry.class.getName());

    private final TlsSide side;
    private final ConnectionOwner owner;
    private final BiConsumer<TlsSide, ConnectionOwner> redial;
    private boolean replaced;

    /**
     * Makes the owner of a first attempt.
     *
     * @param side   of the attempt.
     * @param owner  of the connection, however often it is made.
     * @param redial makes it once more, with the side and for the owner it is given.
     */
    public OfferRetry(
            final TlsSide side, final ConnectionOwner owner, final BiConsumer<TlsSide, ConnectionOwner> redial) {
        this.side = side;
        this.owner = owner;
        this.redial = redial;
    }

    @Override
    public void onMade(final DrivenConnection agent) {
        owner.onMade(agent);
    }

    @Override
    public void onOpen(final DrivenConnection agent) {
        owner.onOpen(agent);
    }

    @Override
    public boolean replaces(final DrivenConnection agent, final CloseReason reason) {
        final boolean reset = reason == CloseReason.PEER_RESET;
        if ((reset || reason == CloseReason.HANDSHAKE_FAILED) && side.mayRetry(reset)) {
            try {
                redial.accept(side.withoutOffer(), new Second());
            } catch (final Throwable ex) {
                // No memory for a thread, say, which must not keep this connection from its end.
                LOGGER.log(System.Logger.Level.DEBUG, "cannot try again without an offer: " + agent.connection(), ex);
            }
        }
        return replaced;
    }

    @Override
    public void onEnd(final DrivenConnection agent) {
        if (!replaced) {
            owner.onEnd(agent);
        }
    }

    /** Once the second connection is made its owner hears of the end from that one, even if it gets no thread. */
    private final class Second implements ConnectionOwner {
        @Override
        public void onMade(final DrivenConnection agent) {
            replaced = true;
            owner.onMade(agent);
        }

        @Override
        public void onOpen(final DrivenConnection agent) {
            owner.onOpen(agent);
        }

        @Override
        public void onEnd(final DrivenConnection agent) {
            owner.onEnd(agent);
        }
    }
}
