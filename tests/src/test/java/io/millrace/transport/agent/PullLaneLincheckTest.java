package io.millrace.transport.agent;

import io.millrace.ring.Doorbell;
import io.millrace.ring.ThreadParker;
import io.millrace.transport.event.FlightRecord;
import java.nio.ByteBuffer;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/**
 * A connection that hands messages over, ends, and lets the ring go, against a puller: together they behave as one bounded
 * queue. So what letting go answers is not compared.
 */
public class PullLaneLincheckTest {
    private static final int LENGTH = 15;

    private final PullLane lane = new PullLane(
            64, LENGTH, new Doorbell(new ThreadParker()), new Doorbell(new ThreadParker()), new FlightRecord(1));
    private final ByteBuffer message = ByteBuffer.allocate(LENGTH);
    private final StringBuilder seen = new StringBuilder();
    private byte next;
    private boolean mayPut = true;
    private boolean ended;

    @Operation(nonParallelGroup = "connection")
    public String put() {
        if (!mayPut || ended) {
            return "not now";
        }
        message.put(0, ++next);
        // Looks at the room, too, at another moment: not compared.
        lane.put(message, 0, LENGTH);
        mayPut = false;
        return "put " + next;
    }

    @Operation(nonParallelGroup = "connection")
    public void look() {
        mayPut = !lane.isFull();
    }

    @Operation(nonParallelGroup = "connection")
    public void rest() {
        lane.rest();
    }

    @Operation(nonParallelGroup = "connection")
    public void end() {
        ended = true;
        lane.end();
    }

    @Operation(nonParallelGroup = "puller")
    public String read() {
        seen.setLength(0);
        final int messages = lane.read(
                (buffer, offset, length) -> seen.append(buffer.get(offset)).append(' '), 2);
        return seen.append(messages).toString();
    }

    @Test
    void shouldBeLinearizableAndObstructionFree() {
        new ModelCheckingOptions()
                .iterations(3 * CellPositions.ITERATIONS)
                .invocationsPerIteration(500)
                .threads(2)
                .actorsBefore(2)
                .actorsPerThread(4)
                .actorsAfter(2)
                .checkObstructionFreedom(true)
                .check(getClass());
    }
}
