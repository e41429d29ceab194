package io.millrace.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LeasesTest {
    private final long[] nowMs = {1_000};
    private final Registry<String> registry = new Registry<>(new RegistryContext<String>().clock(() -> nowMs[0]));

    @Test
    void shouldLeaseToOneHolderUntilReleasedOrOver() {
        final Leases leases = registry.leases();
        final Lease first = leases.acquire("job", 100);
        assertNull(leases.acquire("job", 100));
        assertEquals(first, leases.holder("job"));
        nowMs[0] += 99;
        final Lease renewed = leases.renew(first, 100);
        nowMs[0] += 99;
        assertNull(leases.acquire("job", 100));
        nowMs[0] += 1;
        assertNull(leases.holder("job"));

        final Lease second = leases.acquire("job", 100);
        assertNotNull(second);

        final Exception ex = assertThrows(IllegalStateException.class, () -> leases.renew(renewed, 100));
        assertEquals("lease not held: name=job id=" + first.id() + " holder=" + second.id(), ex.getMessage());
        assertThrows(IllegalStateException.class, () -> leases.release(renewed));
        assertEquals(second, leases.holder("job"));
        leases.release(second);
        assertThrows(IllegalStateException.class, () -> leases.release(second));
        assertNotNull(leases.acquire("job", Long.MAX_VALUE));
        assertNull(leases.acquire("job", 1));
    }

    @Test
    void shouldGiveLeaseToOneThreadWhenAllTry() {
        for (int round = 0; round < 500; round++) {
            final String name = "job" + round;
            final AtomicInteger holders = new AtomicInteger();
            Race.run(3, thread -> {
                if (registry.leases().acquire(name, 1_000) != null) {
                    holders.incrementAndGet();
                }
            });
            assertEquals(1, holders.get());
        }
    }

    @Test
    void shouldForgetLeasesThatAreOverWhenSwept() {
        registry.leases().acquire("job", 10);
        nowMs[0] += 10;

        registry.expire();

        assertNull(registry.leases().holder("job"));
    }

    /** Leases whose clock is read by a thread that then sleeps for a while, in which another one takes another lease. */
    private static final class Overtaken {
        private long nowMs = 1_000;
        private boolean sleeps;
        private final Leases leases = new Registry<>(new RegistryContext<String>().clock(this::readLate)).leases();

        private long readLate() {
            final long read = nowMs;
            if (sleeps) {
                sleeps = false;
                nowMs += 100;
                leases.acquire("other" + nowMs, 1_000);
            }
            return read;
        }
    }

    @Test
    void shouldLeaseFromTheTimeOfTheLastAttempt() {
        final Overtaken overtaken = new Overtaken();
        overtaken.sleeps = true;
        final Lease lease = overtaken.leases.acquire("job", 150);
        assertEquals(1_250, lease.expiresAtMs());

        overtaken.sleeps = true;
        assertEquals(1_350, overtaken.leases.renew(lease, 150).expiresAtMs());
    }

    @Test
    void shouldNotRenewOrReleaseWhatIsOverByTheTimeOfTheLastAttempt() {
        final Overtaken overtaken = new Overtaken();
        final Lease lease = overtaken.leases.acquire("job", 50);
        overtaken.sleeps = true;
        assertThrows(IllegalStateException.class, () -> overtaken.leases.renew(lease, 150));

        final Lease again = overtaken.leases.acquire("job", 50);
        overtaken.sleeps = true;
        assertThrows(IllegalStateException.class, () -> overtaken.leases.release(again));
    }

    @Test
    void shouldGrowIdsInTheOrderInWhichLeasesAreTaken() {
        final Overtaken overtaken = new Overtaken();
        overtaken.sleeps = true;

        final Lease late = overtaken.leases.acquire("job", 150);

        final Lease other = overtaken.leases.holder("other1100");
        assertTrue(late.id() > other.id(), late + " was taken after " + other);
    }

    @Test
    void shouldBeOverForEverybodyWhenItsThreadStoodStillBehindTheClock() {
        final long[] behindMs = {1_000};
        final Leases leases = new Registry<>(new RegistryContext<String>().clock(() -> {
                    final long read = behindMs[0];
                    behindMs[0] = 2_000;
                    return read;
                }))
                .leases();

        final Lease late = leases.acquire("job", 50);

        assertEquals(1_050, late.expiresAtMs());
        assertNull(leases.holder("job"));
        assertThrows(IllegalStateException.class, () -> leases.renew(late, 50));
        assertTrue(leases.acquire("job", 50).id() > late.id());
    }

    @Test
    void shouldEndWhenItShouldThoughTheClockIsNegative() {
        nowMs[0] = -5;

        assertEquals(-4, registry.leases().acquire("job", 1).expiresAtMs());
        assertEquals(
                Long.MAX_VALUE - 5,
                registry.leases().acquire("long", Long.MAX_VALUE).expiresAtMs());
    }
}
