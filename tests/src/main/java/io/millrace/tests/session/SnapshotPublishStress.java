package io.millrace.tests.session;

import io.millrace.session.AttributeKey;
import io.millrace.session.AttributeMap;
import io.millrace.session.Registry;
import io.millrace.session.RegistryContext;
import io.millrace.session.RegistrySnapshot;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A reader of a registry and of an attribute map finds nothing, or a whole value; never a table without it. */
@JCStressTest
@Outcome(id = {"0, 0", "0, 7", "7, 0", "7, 7"}, expect = Expect.ACCEPTABLE, desc = "nothing, or the value")
@Outcome(expect = Expect.FORBIDDEN, desc = "half a value, or a version that is not that of the content")
@State
public class SnapshotPublishStress {
    /** Not final: only the publication makes it visible. */
    private static final class Box {
        private int value;
    }

    private static final AttributeKey<Box> KEY = AttributeKey.of("box", Box.class, box -> 1);

    private final Registry<Box> registry =
            new Registry<>(new RegistryContext<Box>().clock(() -> 1).serverVersion(1));
    private final AttributeMap attributes = new AttributeMap();

    private static Box box() {
        final Box box = new Box();
        box.value = 7;
        return box;
    }

    /** Puts into both. */
    @Actor
    public void writer() {
        registry.put("t", "a", box());
        attributes.set(KEY, box());
    }

    /** Reads both. */
    @Actor
    public void reader(final II_Result result) {
        final RegistrySnapshot<Box> snapshot = registry.snapshot();
        final int size = snapshot.size("t");
        result.r1 = size == 0 && snapshot.version() == 0
                ? 0
                : snapshot.version() == size ? snapshot.get("t", "a").value().value : -1;
        final Box box = attributes.get(KEY);
        result.r2 = box == null ? 0 : box.value;
    }
}
