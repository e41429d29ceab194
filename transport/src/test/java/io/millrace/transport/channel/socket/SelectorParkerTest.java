package io.millrace.transport.channel.socket;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SelectorParkerTest {
    private static final int PARKS = 20_000;

    /** A set of selected keys takes 32 bytes a wake-up; the compilers' own doings stay far below one. */
    private static final int MAX_BYTES_PER_PARK = 8;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void shouldAllocateNothingWhenSocketWakes() throws IOException {
        final Pipe pipe = Pipe.open();
        try (Pipe.SinkChannel sink = pipe.sink();
                Pipe.SourceChannel source = pipe.source();
                SelectorParker parker = new SelectorParker()) {
            source.configureBlocking(false);
            parker.watch(source);
            sink.write(ByteBuffer.allocate(1));
            parkOften(parker);
            final long before = threads.getCurrentThreadAllocatedBytes();
            parkOften(parker);
            final long bytes = threads.getCurrentThreadAllocatedBytes() - before;
            assertTrue(bytes < (long) PARKS * MAX_BYTES_PER_PARK, "bytes=" + bytes + " parks=" + PARKS);
        }
    }

    @Test
    void shouldTellASocketThatWasNotReady() throws IOException {
        final Pipe pipe = Pipe.open();
        try (Pipe.SinkChannel sink = pipe.sink();
                Pipe.SourceChannel source = pipe.source();
                SelectorParker parker = new SelectorParker()) {
            source.configureBlocking(false);
            parker.watch(source);
            assertTrue(parker.mayBeReady());
            parker.unpark();
            parker.park(SelectionKey.OP_READ, Long.MAX_VALUE);
            assertFalse(parker.mayBeReady());
            sink.write(ByteBuffer.allocate(1));
            parker.unpark();
            parker.park(SelectionKey.OP_READ, Long.MAX_VALUE);
            assertTrue(parker.mayBeReady());
        }
    }

    /** The byte is never read, so that each one ends at once. */
    private static void parkOften(final SelectorParker parker) {
        for (int i = 0; i < PARKS; i++) {
            parker.park(SelectionKey.OP_READ, Long.MAX_VALUE);
        }
    }
}
