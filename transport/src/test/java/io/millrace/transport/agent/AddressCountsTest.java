package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AddressCountsTest {
    private final AddressCounts counts = new AddressCounts();

    private static SocketAddress address(final String host) {
        return new InetSocketAddress(host, 1);
    }

    @Test
    void shouldCountIpv6AddressesByTheirFirst64Bits() {
        assertTrue(counts.tryAdd(address("2001:db8::1"), 1));
        assertFalse(counts.tryAdd(address("2001:db8::ffff:ffff:ffff:ffff"), 1));
        assertTrue(counts.tryAdd(address("2001:db8:0:1::1"), 1));
    }

    @Test
    void shouldTellAnIpv4AddressFromAnIpv6OneOfTheSameBits() {
        assertTrue(counts.tryAdd(address("0.0.0.1"), 1));
        assertTrue(counts.tryAdd(address("0:0:0:1::"), 1));
    }

    @Test
    void shouldNotCountWhoHasNoIpAddress() {
        final SocketAddress unix = UnixDomainSocketAddress.of("");
        assertTrue(counts.tryAdd(unix, 1));
        assertTrue(counts.tryAdd(unix, 1));
        counts.remove(unix);
        assertEquals(0, counts.size());
    }

    @Test
    void shouldNeverCountPastTheMaximumAndForgetWhoHasNone() throws Exception {
        final int maximum = 3;
        final SocketAddress shared = address("192.0.2.1");
        final AtomicInteger in = new AtomicInteger();
        final AtomicInteger overs = new AtomicInteger();
        final List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            threads.add(new Thread(() -> {
                for (int i = 0; i < 50_000; i++) {
                    if (counts.tryAdd(shared, maximum)) {
                        overs.addAndGet(in.incrementAndGet() > maximum ? 1 : 0);
                        in.decrementAndGet();
                        counts.remove(shared);
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (final Thread thread : threads) {
            thread.join();
        }
        assertEquals(0, overs.get());
        assertEquals(0, counts.size());
    }
}
