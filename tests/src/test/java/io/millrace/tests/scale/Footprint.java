package io.millrace.tests.scale;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** What this process holds when nothing happens. Linux only, for it reads {@code /proc}. */
record Footprint(long heapBytes, long directBytes, int threads, int descriptors, long residentBytes) {
    private static final int COLLECTIONS = 3;
    private static final int STEADY_LOOKS = 5;
    private static final int MOST_LOOKS = 200;
    private static final long BETWEEN_NS = TimeUnit.MILLISECONDS.toNanos(50);

    /** Waits until threads and descriptors change no more, then collects garbage and looks. */
    static Footprint take() throws IOException {
        int threads = threadCount();
        int descriptors = descriptorCount();
        for (int steady = 0, looks = 0; steady < STEADY_LOOKS && looks < MOST_LOOKS; looks++) {
            LockSupport.parkNanos(BETWEEN_NS);
            final int threadsNow = threadCount();
            final int descriptorsNow = descriptorCount();
            steady = threadsNow == threads && descriptorsNow == descriptors ? steady + 1 : 0;
            threads = threadsNow;
            descriptors = descriptorsNow;
        }
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            // Direct memory is given back by a thread of the JDK's that a collection sets off.
            LockSupport.parkNanos(BETWEEN_NS);
        }
        return new Footprint(
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                directByteCount(),
                threads,
                descriptors,
                residentByteCount());
    }

    /** Without those that wait a second for other work: how many do is chance. */
    private static int threadCount() {
        final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return (int) Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(info -> info != null && !info.getThreadName().equals("millrace-spare"))
                .count();
    }

    private static int descriptorCount() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return (int) files.count();
        }
    }

    private static long directByteCount() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    private static long residentByteCount() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.split("\\s+", -1)[1]) * 1024)
                .sum();
    }
}
