package io.millrace.tests.session;

import io.millrace.session.Lease;
import io.millrace.session.Leases;
import io.millrace.session.Registry;
import io.millrace.session.RegistryContext;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** Two who want the same lease: never do both hold it. */
public class LeasesLincheckTest {
    private final Registry<Integer> registry = new Registry<>(new RegistryContext<Integer>().clock(() -> 1_000));
    private final Leases leases = registry.leases();
    private Lease one;
    private Lease other;

    @Operation(nonParallelGroup = "one")
    public boolean acquireOne() {
        one = one == null ? leases.acquire("job", 10) : one;
        return one != null;
    }

    @Operation(nonParallelGroup = "one")
    public boolean renewOne() {
        one = one == null ? null : leases.renew(one, 20);
        return one != null;
    }

    @Operation(nonParallelGroup = "one")
    public void releaseOne() {
        if (one != null) {
            leases.release(one);
            one = null;
        }
    }

    @Operation(nonParallelGroup = "other")
    public boolean acquireOther() {
        other = other == null ? leases.acquire("job", 10) : other;
        return other != null;
    }

    @Operation(nonParallelGroup = "other")
    public void releaseOther() {
        if (other != null) {
            leases.release(other);
            other = null;
        }
    }

    @Operation
    public boolean isHeld() {
        return leases.holder("job") != null;
    }

    @Operation
    public int expire() {
        return registry.expire();
    }

    @Test
    void shouldBeLinearizableAndObstructionFree() {
        Lincheck.modelCheck(getClass());
    }
}
