package io.millrace.tests.session;

import io.millrace.session.StateCell;
import io.millrace.session.StateCursor;
import io.millrace.session.StateEdges;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** Moves and reads of a state cell, a cursor that must see every state, and a listener that must be told of each. */
public class StateCellLincheckTest {
    private enum Phase {
        A,
        B,
        C
    }

    private static final StateEdges<Phase, Phase> EDGES = StateEdges.of(Phase.class)
            .edge(Phase.A, Phase.B)
            .edge(Phase.B, Phase.C)
            .edge(Phase.C, Phase.A);

    private final StateCell<Phase> cell = new StateCell<>(Phase.A, EDGES);
    private final StateCursor<Phase> cursor = cell.cursor();
    private Phase told = Phase.A;

    public StateCellLincheckTest() {
        cell.onEdge((from, to) -> told = from == told ? to : null);
    }

    @Operation
    public String value() {
        return cell.value().name();
    }

    @Operation
    public boolean toB() {
        return cell.compareAndSet(Phase.A, Phase.B);
    }

    @Operation
    public boolean toC() {
        return cell.compareAndSet(Phase.B, Phase.C);
    }

    @Operation
    public String rotate() {
        return cell.update(phase -> phase == Phase.A ? Phase.B : phase == Phase.B ? Phase.C : Phase.A)
                .name();
    }

    @Operation(nonParallelGroup = "cursor")
    public String advance() {
        return cursor.advance() + " " + cursor.state();
    }

    @Operation
    public void listen() {
        cell.onEdge((from, to) -> {}).close();
    }

    @Validate
    public void shouldHaveToldTheListenerOfEachEdgeInOrder() {
        if (told != cell.value()) {
            throw new AssertionError("told=" + told + " state=" + cell.value());
        }
    }

    @Test
    void shouldBeLinearizableAndObstructionFree() {
        Lincheck.modelCheck(getClass());
    }
}
