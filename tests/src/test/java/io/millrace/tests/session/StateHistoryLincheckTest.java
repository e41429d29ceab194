package io.millrace.tests.session;

import io.millrace.session.StateCell;
import io.millrace.session.StateEdges;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** A cell whose history nobody wants at first: moves race with the first one who does. */
public class StateHistoryLincheckTest {
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
    private volatile Phase told;
    private volatile Phase listened;

    @Operation
    public String value() {
        return cell.value().name();
    }

    @Operation
    public boolean toB() {
        return cell.compareAndSet(Phase.A, Phase.B);
    }

    @Operation
    public String rotate() {
        return cell.update(phase -> phase == Phase.A ? Phase.B : phase == Phase.B ? Phase.C : Phase.A)
                .name();
    }

    @Operation
    public String cursor() {
        return cell.cursor().state().name();
    }

    @Operation(runOnce = true)
    public void listen() {
        cell.onEdge((from, to) -> told = to);
        listened = cell.value();
    }

    @Validate
    public void shouldHaveToldOfTheLastEdgeIfThereWasAny() {
        if (told != null && told != cell.value()) {
            throw new AssertionError("told=" + told + " state=" + cell.value());
        }
        if (told == null && listened != null && listened != cell.value()) {
            throw new AssertionError("told of nothing since " + listened + " state=" + cell.value());
        }
    }

    @Test
    void shouldBeLinearizableAndObstructionFree() {
        Lincheck.modelCheck(getClass());
    }
}
