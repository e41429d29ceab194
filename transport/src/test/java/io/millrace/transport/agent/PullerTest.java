package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.ring.Doorbell;
import io.millrace.ring.Parker;
import io.millrace.ring.ThreadParker;
import io.millrace.transport.Waiting;
import io.millrace.transport.event.FlightRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a puller waits. One thread plays both parts, by a clock and a parker that let the other one act. */
class PullerTest {
    private static final int LENGTH = 8;

    private final List<Long> parks = new ArrayList<>();
    private Runnable whileParked = () -> {};
    private Runnable onClock = () -> {};
    private long nowNs = Long.MAX_VALUE - 500;
    private int clockReads;
    private int unparks;
    private final Doorbell bell = new Doorbell(new Parker() {
        @Override
        public void park(final long maxNs) {
            parks.add(maxNs);
            whileParked.run();
        }

        @Override
        public void unpark() {
            unparks++;
        }
    });
    private final PullLane lane = new PullLane(64, LENGTH, new Doorbell(new ThreadParker()), bell, new FlightRecord(1));
    private final Puller puller = new Puller(lane, bell, this::readClock, Waiting.PARKING);

    private long readClock() {
        clockReads++;
        onClock.run();
        return nowNs;
    }

    private void put() {
        lane.put(ByteBuffer.allocate(LENGTH), 0, LENGTH);
    }

    private int poll(final long timeoutNs) throws InterruptedException {
        return puller.poll((buffer, offset, length) -> {}, 10, timeoutNs);
    }

    @Test
    void shouldNotSleepWhenAMessageCameAfterTheLastLook() throws InterruptedException {
        onClock = () -> {
            if (clockReads == 2) {
                put();
            }
        };
        assertEquals(1, poll(1000));
        assertEquals(List.of(), parks);
    }

    @Test
    void shouldNotSleepWhenTheEndCameAfterTheLastLook() throws InterruptedException {
        onClock = () -> {
            if (clockReads == 2) {
                lane.end();
            }
        };
        assertEquals(-4, poll(1000));
        assertEquals(List.of(), parks);
    }

    @Test
    void shouldBeWokenOnceFromOneSleepHoweverMuchComes() throws InterruptedException {
        whileParked = () -> {
            put();
            put();
            put();
        };
        assertEquals(3, poll(1000));
        assertEquals(List.of(1000L), parks);
        assertEquals(1, unparks);
        put();
        assertEquals(1, unparks, "woken while awake");
    }

    @Test
    void shouldSleepForWhatIsLeftOfItsTime() throws InterruptedException {
        whileParked = () -> nowNs += 400;
        assertEquals(0, poll(1000));
        assertEquals(List.of(1000L, 600L, 200L), parks);
    }

    @Test
    void shouldReadNoClockWhileMessagesAreThere() throws InterruptedException {
        put();
        assertEquals(1, poll(1000));
        assertEquals(0, poll(0));
        assertEquals(0, clockReads);
    }

    @Test
    void shouldWaitForAsLongAsALongCanSay() throws InterruptedException {
        whileParked = this::put;
        assertEquals(1, poll(Long.MAX_VALUE));
        assertEquals(List.of(Long.MAX_VALUE), parks);
    }
}
