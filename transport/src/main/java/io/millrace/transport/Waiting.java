package io.millrace.transport;

/** How a connection's thread waits when it has nothing to do. */
public enum Waiting {
    /**
     * Spins briefly while the process-wide budget allows, then yields, then sleeps until the socket or a sender wakes it:
     * fast while there is traffic, free while there is none. Where its sleeps were long it sleeps at once, until one was short.
     */
    ADAPTIVE,

    /** Never sleeps: the lowest latency, for the price of a core each. With fewer cores than spinners, the worst. */
    SPINNING,

    /** Sleeps at once: the least CPU, for the price of a wake-up each time. */
    PARKING
}
