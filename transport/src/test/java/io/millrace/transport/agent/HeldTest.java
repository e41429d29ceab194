package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ring.Memory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class HeldTest {
    private final Held before = Held.now();

    private Set<String> more() {
        return Held.now().beyond(before);
    }

    @Test
    void shouldFindASocketThatIsOpen() throws IOException {
        Assumptions.assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "the system doesn't list descriptors");
        final ServerSocketChannel socket = ServerSocketChannel.open();
        try {
            assertEquals(1, more().size(), () -> more().toString());
        } finally {
            socket.close();
        }
        assertEquals(Set.of(), more());
    }

    @Test
    void shouldFindAThreadOfOursThatRuns() throws InterruptedException {
        final CountDownLatch end = new CountDownLatch(1);
        final Thread thread = new Thread(
                () -> {
                    try {
                        end.await();
                    } catch (final InterruptedException ex) {
                        Thread.currentThread().interrupt();
                    }
                },
                "millrace-left-behind");
        thread.start();
        try {
            assertEquals(Set.of(thread.toString()), more());
        } finally {
            end.countDown();
            thread.join();
        }
        assertEquals(Set.of(), more());
    }

    @Test
    void shouldFindABufferThatIsLent() {
        final BufferPool pool = new BufferPool();
        final ByteBuffer buffer = pool.lend(Memory.HEAP, BufferPool.MIN_CAPACITY);
        assertEquals(Set.of("buffers: 1"), more());
        pool.takeBack(buffer, 0);
        assertEquals(Set.of(), more());
        pool.lend(Memory.HEAP, BufferPool.MIN_CAPACITY);
        pool.letGo();
        assertTrue(more().isEmpty());
    }
}
