package io.millrace.jmh.guard;

/** One of the two that a {@link Contest} compares. One thread. */
interface Side {
    /** Makes it ready. */
    void start() throws Exception;

    /** Works for some milliseconds at most; returns how many operations that was. */
    long work() throws Exception;

    /** Ends it, and fails if it has lost something. */
    void stop() throws Exception;
}
