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

    /**
     * Never sleeps, but lets other threads have the core after each turn in vain: a low latency where threads outnumber the cores,
     * for the price of all time that nobody else wants.
     */
    YIELDING,

    /** Sleeps at once: the least CPU, for the price of a wake-up each time. */
    PARKING
}
