package io.millrace.jmh.load;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * What this JVM has used, without the thread that asks. Threads that have ended are missing in the allocation.
 *
 * @param cpuNs          of all threads, the collector's and the compiler's too.
 * @param allocatedBytes of all Java threads, carriers of virtual ones too.
 * @param collections    of garbage.
 * @param collectionMs   the time that they took.
 */
record Usage(long cpuNs, long allocatedBytes, long collections, long collectionMs) {
    static final Usage NONE = new Usage(0, 0, 0, 0);

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    static Usage now() {
        final long self = Thread.currentThread().getId();
        long bytes = 0;
        final long[] ids = THREADS.getAllThreadIds();
        final long[] allocated = THREADS.getThreadAllocatedBytes(ids);
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] != self && allocated[i] > 0) {
                bytes += allocated[i];
            }
        }
        long collections = 0;
        long collectionMs = 0;
        for (final GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            collections += collector.getCollectionCount();
            collectionMs += collector.getCollectionTime();
        }
        return new Usage(
                SYSTEM.getProcessCpuTime() - THREADS.getCurrentThreadCpuTime(), bytes, collections, collectionMs);
    }

    /** What {@link #text} wrote. */
    static Usage parse(final String text) {
        final long[] values =
                Arrays.stream(text.split(" ", -1)).mapToLong(Long::parseLong).toArray();
        return new Usage(values[0], values[1], values[2], values[3]);
    }

    String text() {
        return cpuNs + " " + allocatedBytes + " " + collections + " " + collectionMs;
    }

    Usage plus(final Usage other) {
        return new Usage(
                cpuNs + other.cpuNs,
                allocatedBytes + other.allocatedBytes,
                collections + other.collections,
                collectionMs + other.collectionMs);
    }

    Usage since(final Usage before) {
        return new Usage(
                cpuNs - before.cpuNs,
                Math.max(0, allocatedBytes - before.allocatedBytes),
                collections - before.collections,
                collectionMs - before.collectionMs);
    }
}
