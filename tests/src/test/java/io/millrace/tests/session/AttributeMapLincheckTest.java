package io.millrace.tests.session;

import io.millrace.session.AttributeKey;
import io.millrace.session.AttributeMap;
import io.millrace.session.AttributeSnapshot;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/** Every operation of an attribute map, on two keys and three values. */
@Param(name = "key", gen = IntGen.class, conf = "0:1")
@Param(name = "value", gen = IntGen.class, conf = "1:3")
public class AttributeMapLincheckTest {
    private static final AttributeKey<?>[] KEYS = {AttributeKey.ofLong("a"), AttributeKey.ofLong("b")};

    private final AttributeMap map = new AttributeMap(2, 64);

    @SuppressWarnings("unchecked")
    private static AttributeKey<Long> key(final int index) {
        return (AttributeKey<Long>) KEYS[index];
    }

    @Operation
    public Long get(@Param(name = "key") final int key) {
        return map.get(key(key));
    }

    @Operation
    public void set(@Param(name = "key") final int key, @Param(name = "value") final int value) {
        map.set(key(key), (long) value);
    }

    @Operation
    public Long setIfAbsent(@Param(name = "key") final int key, @Param(name = "value") final int value) {
        return map.setIfAbsent(key(key), (long) value);
    }

    @Operation
    public boolean compareAndSet(
            @Param(name = "key") final int key,
            @Param(name = "value") final int expected,
            @Param(name = "value") final int value) {
        return map.compareAndSet(key(key), (long) expected, (long) value);
    }

    @Operation
    public Long update(@Param(name = "key") final int key) {
        return map.update(key(key), value -> value == null ? 1 : value + 1);
    }

    @Operation
    public Long remove(@Param(name = "key") final int key) {
        return map.remove(key(key));
    }

    @Operation
    public String snapshot() {
        return both(map.snapshot());
    }

    private static String both(final AttributeSnapshot snapshot) {
        return snapshot.get(key(0)) + "," + snapshot.get(key(1)) + "," + snapshot.size();
    }

    @Operation
    public Long forked(@Param(name = "key") final int key) {
        final AttributeMap fork = map.fork();
        final Long inherited = fork.get(key(key));
        fork.set(key(key), 99L);
        return inherited;
    }

    @Test
    void shouldBeLinearizableAndObstructionFree() {
        Lincheck.modelCheck(getClass());
    }
}
