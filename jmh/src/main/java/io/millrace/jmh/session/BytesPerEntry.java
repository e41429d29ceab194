package io.millrace.jmh.session;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.openjdk.jol.info.GraphLayout;

/**
 * Prints what an entry costs in each design: the bytes that a filled store holds more than an empty one, over its entries,
 * its key and value included. By {@code java -Djol.magicFieldOffset=true -Djdk.attach.allowAttachSelf=true -cp
 * jmh/target/benchmarks.jar}, for JOL looks into records only so.
 *
 * <p>JDK 17: attributes at 10 / 1,000 entries, ours 135 / 98 bytes, mutex and {@code ConcurrentHashMap} 92 / 88, Netty 112
 * / 108; registry at 1,000 / 100,000, ours 149 / 148 with version, order and change log, the two maps 120 / 122, {@code
 * NonBlockingHashMap} 104 / 142.
 */
public final class BytesPerEntry {
    private static final String[] STORES = {
        "attributes-millrace",
        "attributes-mutex",
        "attributes-netty",
        "attributes-concurrentHashMap",
        "registry-millrace",
        "registry-readWriteLock",
        "registry-concurrentHashMap",
        "registry-nonBlockingHashMap"
    };

    private static final int[] ENTRIES = {10, 1_000, 100_000};

    private BytesPerEntry() {}

    /**
     * Prints the table.
     *
     * @param args none.
     */
    public static void main(final String[] args) {
        final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        out.printf("%-30s %10s %10s %10s%n", "bytes per entry, of so many", ENTRIES[0], ENTRIES[1], ENTRIES[2]);
        for (final String name : STORES) {
            out.printf("%-30s", name);
            for (final int entries : ENTRIES) {
                out.printf(" %10s", name.startsWith("attributes") && entries > 1_000 ? "-" : perEntry(name, entries));
            }
            out.println();
        }
    }

    private static String perEntry(final String name, final int entries) {
        final long empty = bytes(Stores.empty(name, entries));
        return String.valueOf((bytes(Stores.filled(name, entries)) - empty) / entries);
    }

    private static long bytes(final Store store) {
        return GraphLayout.parseInstance(store.root()).totalSize();
    }
}
