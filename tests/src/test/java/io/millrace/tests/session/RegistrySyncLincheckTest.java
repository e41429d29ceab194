package io.millrace.tests.session;

import io.millrace.session.Filter;
import io.millrace.session.Registry;
import io.millrace.session.RegistryContext;
import io.millrace.session.RegistryRecord;
import io.millrace.session.RegistrySync;
import io.millrace.session.SyncHandler;
import io.millrace.session.SyncLatest;
import io.millrace.session.TypeOptions;
import java.util.Collection;
import java.util.TreeSet;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/**
 * What reads a registry's log and lists, beside changes that take several records along: an edit of two, a bound, and
 * the expiry of records that were too old from the start.
 */
@Param(name = "id", gen = IntGen.class, conf = "0:2")
@Param(name = "capacity", gen = IntGen.class, conf = "1:2")
public class RegistrySyncLincheckTest {
    private static final class Collected implements SyncHandler<Integer> {
        private final StringBuilder text = new StringBuilder();

        @Override
        public void onControl(final long serverVersion, final long version, final boolean startOver) {
            text.append(serverVersion).append('/').append(version).append(startOver ? " start over" : "");
        }

        @Override
        public void onChange(final RegistryRecord<Integer> change) {
            text.append(' ').append(text(change));
        }
    }

    private long nowMs;
    private final Registry<Integer> registry = new Registry<>(
            new RegistryContext<Integer>().clock(() -> nowMs).serverVersion(1).logCapacity(3));
    private final RegistrySync<Integer> follower;

    public RegistrySyncLincheckTest() {
        registry.options("t", new TypeOptions(3, 500));
        registry.put("t", "r0", 0);
        registry.put("t", "r1", 1);
        follower = registry.sync(1, registry.snapshot().version());
        nowMs = 1_000;
    }

    private static String text(final RegistryRecord<Integer> record) {
        return record == null ? null : record.version() + ":" + record.id() + "=" + record.value();
    }

    private static String text(final Collection<RegistryRecord<Integer>> records) {
        final TreeSet<String> texts = new TreeSet<>();
        for (final RegistryRecord<Integer> record : records) {
            texts.add(text(record));
        }
        return texts.toString();
    }

    @Operation
    public long put(@Param(name = "id") final int id) {
        return registry.put("t", "r" + id, 7).version();
    }

    @Operation
    public String remove(@Param(name = "id") final int id) {
        return text(registry.remove("t", "r" + id));
    }

    @Operation
    public String putTwo() {
        return registry.edit(edit -> text(edit.put("t", "r0", 8)) + text(edit.put("u", "r0", 9)));
    }

    @Operation
    public void bound(@Param(name = "capacity") final int capacity) {
        registry.options("t", new TypeOptions(capacity, 500));
    }

    @Operation
    public int expire() {
        return registry.expire();
    }

    @Operation
    public String list() {
        return text(registry.list("t"));
    }

    @Operation
    public String types() {
        return registry.types().toString();
    }

    @Operation
    public String syncLatest() {
        final SyncLatest<Integer> latest = registry.syncLatest("t", Filter.id("r0"));
        return latest.version() + text(latest.records());
    }

    @Operation(nonParallelGroup = "follower")
    public String follow() {
        final Collected collected = new Collected();
        follower.poll(collected, 2);
        return collected.text.toString();
    }

    @Test
    void shouldBeLinearizableAndObstructionFree() {
        Lincheck.modelCheckBriefly(getClass());
    }
}
