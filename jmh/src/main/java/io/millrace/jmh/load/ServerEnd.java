package io.millrace.jmh.load;

import java.io.IOException;
import org.HdrHistogram.Histogram;

/** The receiving half of a run, in this JVM or another. One thread. */
interface ServerEnd extends AutoCloseable {
    /** From now on latencies count by this schedule, and no earlier ones do. All that was sent before has arrived. */
    void begin(Schedule schedule) throws IOException;

    /** Latencies recorded since the last call. */
    Histogram take() throws IOException;

    /** Messages that have arrived, whole and in order. */
    long received() throws IOException;

    /** What its JVM has used, if that is another. */
    Usage usage() throws IOException;

    @Override
    void close();
}
