package io.millrace.tests.session;

import io.millrace.session.Registry;
import io.millrace.session.RegistryContext;
import io.millrace.session.RegistryRecord;
import io.millrace.session.RegistrySnapshot;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/** Changes and snapshots of a registry: the version of a snapshot is that of its content. */
@Param(name = "id", gen = IntGen.class, conf = "0:1")
@Param(name = "value", gen = IntGen.class, conf = "1:3")
public class RegistryLincheckTest {
    private final Registry<Integer> registry = new Registry<>(
            new RegistryContext<Integer>().clock(() -> 1_000).serverVersion(1).logCapacity(2));

    private static String text(final RegistryRecord<Integer> record) {
        return record == null ? null : record.version() + ":" + record.value();
    }

    @Operation
    public long put(@Param(name = "id") final int id, @Param(name = "value") final int value) {
        return registry.put("t", "r" + id, value).version();
    }

    @Operation
    public String patch(@Param(name = "id") final int id) {
        return text(registry.edit(
                edit -> edit.get("t", "r" + id) == null ? null : edit.patch("t", "r" + id, value -> value + 1)));
    }

    @Operation
    public String remove(@Param(name = "id") final int id) {
        return text(registry.remove("t", "r" + id));
    }

    @Operation
    public String get(@Param(name = "id") final int id) {
        return text(registry.get("t", "r" + id));
    }

    @Operation
    public String snapshot() {
        final RegistrySnapshot<Integer> snapshot = registry.snapshot();
        return snapshot.serverVersion() + "/" + snapshot.version() + " from " + snapshot.earliestVersion() + " "
                + text(snapshot.get("t", "r0")) + " " + text(snapshot.get("t", "r1")) + " " + snapshot.size("t");
    }

    @Operation
    public long clear() {
        return registry.clear();
    }

    @Test
    void shouldBeLinearizableAndObstructionFree() {
        Lincheck.modelCheck(getClass());
    }
}
