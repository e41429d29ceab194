package io.millrace.transport.aeron;

/**
 * Told of the publishers that subscribers hear ({@code role=subscribe}), on the thread of the subscriber's connection, between
 * its messages. What it throws ends the connection as its handler's exceptions do.
 */
public interface SubscriptionListener {
    /** Hears nothing of it. */
    SubscriptionListener NONE = new SubscriptionListener() {};

    /**
     * A publisher's messages come from here on: those that it sent before are missed. A subscriber that was too slow joins
     * again, with {@code tether=false}: what lies between where it left and where it joins is missed.
     *
     * @param subscription of the subscriber.
     * @param source       where the messages come from, as Aeron has it.
     * @param sessionId    of the publisher.
     * @param position     in the publisher's stream, in bytes.
     */
    default void onJoin(
            final AeronAddress subscription, final String source, final int sessionId, final long position) {}

    /**
     * A publisher's messages come no more: it has ended, or is lost, or this subscriber was too slow for it.
     *
     * @param subscription of the subscriber.
     * @param source       where the messages came from, as Aeron has it.
     * @param sessionId    of the publisher.
     * @param position     in the publisher's stream, in bytes, up to which they have come.
     */
    default void onLeave(
            final AeronAddress subscription, final String source, final int sessionId, final long position) {}
}
