package io.millrace.transport;

/** What happens on a listener. Any thread; wait-free. */
public interface ListenerCounters {
    /**
     * Peers let in so far; some of them may never have opened.
     *
     * @return the count.
     */
    long accepted();

    /**
     * Peers refused so far for one reason.
     *
     * @param reason of the refusal.
     * @return the count.
     */
    long refused(RefusalReason reason);

    /**
     * Connections that live at this moment.
     *
     * @return the number.
     */
    int connections();

    /**
     * Connections of those that are not open yet: neither their PROXY header nor their handshake need be done.
     *
     * @return the number.
     */
    int handshakes();
}
