package io.millrace.transport;

/** Who drives the connections and listeners of a {@link Transport}. */
public enum Driving {
    /**
     * A platform thread for each: the lowest latency, for about 60 KiB and three descriptors each. Any JDK, some
     * thousand connections.
     */
    THREAD,

    /**
     * A virtual thread for each, and one platform thread, a daemon, that watches all sockets: the most connections, with
     * one descriptor each. JDK 21 or later. Whoever spins keeps its carrier thread from others: {@link Waiting#ADAPTIVE}
     * does so for 20 turns at the most, as the process-wide budget allows, and {@link Waiting#SPINNING} yields instead.
     * Nothing here keeps the process alive: all are daemons. A handler that computes for long keeps a carrier thread from
     * others, too; one that blocks does not.
     */
    VIRTUAL_THREAD,

    /**
     * The caller's own thread, in {@link Transport#invoker()}: no thread is started, and nothing is handed over. Each
     * invocation takes every connection and listener one turn on, which is one read each: made for a few connections.
     * {@link Waiting} has no meaning: how to wait between invocations is up to the caller.
     */
    INVOKER
}
