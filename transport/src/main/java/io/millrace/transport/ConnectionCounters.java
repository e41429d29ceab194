package io.millrace.transport;

/**
 * What happened on one connection so far. Any thread; wait-free. Each count is exact at some moment; two counts need not be
 * of the same one.
 */
public interface ConnectionCounters {
    /**
     * Messages that the handler was given, or that can be pulled.
     *
     * @return the count.
     */
    long messagesIn();

    /**
     * Bytes received: what the protocol frames, with TLS after decryption.
     *
     * @return the count.
     */
    long bytesIn();

    /**
     * Messages handed to the operating system whole.
     *
     * @return the count.
     */
    long messagesOut();

    /**
     * Bytes sent: what the protocol framed, with TLS before encryption.
     *
     * @return the count.
     */
    long bytesOut();

    /**
     * Offers that found the outbound ring full; of {@link Connection#send}, which waits, those that ran out of time.
     *
     * @return the count.
     */
    long backPressured();

    /**
     * Offers whose message was dropped because the outbound ring was full, by {@link SlowConsumerPolicy#DROP_NEWEST}.
     *
     * @return the count.
     */
    long dropped();

    /**
     * Offers of a message that is too long.
     *
     * @return the count.
     */
    long tooLong();

    /**
     * Times that the peer was slow for {@link ConnectionContext#slowConsumerTimeoutNs()}.
     *
     * @return the count.
     */
    long slowConsumer();

    /**
     * Calls of {@link ConnectionHandler#onIdle}.
     *
     * @return the count.
     */
    long idle();

    /**
     * Heartbeats sent by the protocol.
     *
     * @return the count.
     */
    long heartbeats();
}
