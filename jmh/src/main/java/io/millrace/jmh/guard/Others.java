package io.millrace.jmh.guard;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** How much of the machine others have taken, from {@code /proc/stat}: other processes, and other machines on the same host. */
final class Others {
    /** One look. */
    record Look(long wallNs, long busyNs, long ownNs) {}

    private static final Path STAT = Path.of("/proc/stat");
    private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int USER = 1;
    private static final int IDLE = 4;
    private static final int IO_WAIT = 5;
    private static final int STEAL = 8;

    private Others() {}

    /** Looks now; without that file nobody else is ever seen. */
    static Look look() {
        final long ownNs =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
        return new Look(System.nanoTime(), Files.isReadable(STAT) ? busyNs(firstLine()) : ownNs, ownNs);
    }

    private static String firstLine() {
        try (var lines = Files.lines(STAT, StandardCharsets.US_ASCII)) {
            return lines.findFirst().orElse("");
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** All ticks of the line that were neither idle nor waiting; what guests take is in the user's already. */
    static long busyNs(final String line) {
        final String[] words = line.trim().split("\\s+", -1);
        long ticks = 0;
        for (int i = USER; i < words.length && i <= STEAL; i++) {
            if (i != IDLE && i != IO_WAIT) {
                ticks += Long.parseLong(words[i]);
            }
        }
        return ticks * TICK_NS;
    }

    /** The part of all cores that others had between two looks, from 0 to 1. */
    static double share(final Look before, final Look after, final int cores) {
        final long othersNs = (after.busyNs - before.busyNs) - (after.ownNs - before.ownNs);
        final double allNs = (double) Math.max(1, after.wallNs - before.wallNs) * cores;
        return Math.max(0, Math.min(1, othersNs / allNs));
    }
}
