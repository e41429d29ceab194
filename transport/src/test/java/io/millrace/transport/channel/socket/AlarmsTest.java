package io.millrace.transport.channel.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ring.Parker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlarmsTest {
    private static final class Woken implements Parker {
        int times;

        @Override
        public void park(final long maxNs) {}

        @Override
        public void unpark() {
            times++;
        }
    }

    private final Alarms alarms = new Alarms();
    private final Woken first = new Woken();
    private final Woken second = new Woken();
    private final Watch one = new Watch(first);
    private final Watch two = new Watch(second);

    @Test
    void shouldHaveNoneAtFirst() {
        assertEquals(Watch.NEVER, alarms.firstNs());
        alarms.ring(Long.MAX_VALUE);
    }

    @Test
    void shouldRingThoseWhoseTimeHasComeAndOnce() {
        assertTrue(alarms.set(one, 20));
        assertTrue(alarms.set(two, 10));
        assertEquals(10, alarms.firstNs());
        alarms.ring(9);
        assertEquals(0, second.times);
        alarms.ring(10);
        assertEquals(1, second.times);
        assertEquals(20, alarms.firstNs());
        alarms.ring(1_000);
        alarms.ring(1_000);
        assertEquals(1, first.times);
        assertEquals(Watch.NEVER, alarms.firstNs());
    }

    @Test
    void shouldKeepAnEarlierAlarmAndAskOnlyForAnEarlierOne() {
        assertTrue(alarms.set(one, 20));
        assertEquals(20, alarms.firstNs());
        assertFalse(alarms.set(one, 20));
        assertFalse(alarms.set(one, 30));
        assertTrue(alarms.set(one, 5));
        assertEquals(5, alarms.firstNs());
        alarms.ring(5);
        assertEquals(1, first.times);
        assertEquals(Watch.NEVER, alarms.firstNs());
        assertTrue(alarms.set(one, 30));
    }

    @Test
    void shouldAskOnceAndBeHeardWithWhatItWantedLast() {
        assertTrue(alarms.set(one, 20));
        assertFalse(alarms.set(one, 10));
        assertEquals(10, alarms.firstNs());
    }

    @Test
    void shouldRingAllThatWantTheSameNanosecond() {
        alarms.set(one, 10);
        alarms.set(two, 10);
        assertEquals(10, alarms.firstNs());
        alarms.ring(11);
        assertEquals(1, first.times);
        assertEquals(1, second.times);
    }

    @Test
    void shouldForgetOneThatIsDropped() {
        alarms.set(one, 10);
        alarms.set(two, 20);
        assertEquals(10, alarms.firstNs());
        assertTrue(alarms.drop(one));
        assertFalse(alarms.drop(one));
        assertEquals(20, alarms.firstNs());
        alarms.ring(15);
        assertEquals(0, first.times);
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE - 5, -5, 0})
    void shouldGoByDistanceWhereTheClockOverflows(final long nowNs) {
        alarms.set(one, nowNs + 10);
        alarms.set(two, nowNs + 2);
        assertEquals(nowNs + 2, alarms.firstNs());
        alarms.ring(nowNs + 3);
        assertEquals(1, second.times);
        assertEquals(0, first.times);
        alarms.ring(nowNs + 10);
        assertEquals(1, first.times);
    }
}
