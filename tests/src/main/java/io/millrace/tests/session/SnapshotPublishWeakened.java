package io.millrace.tests.session;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** {@link SnapshotPublishStress} with version and content in two fields: a reader finds one without the other. */
@JCStressTest
@Outcome(id = {"0, 0", "0, 7", "7, 0", "7, 7"}, expect = Expect.ACCEPTABLE, desc = "nothing, or the value")
@Outcome(expect = Expect.FORBIDDEN, desc = "a version that is not that of the content")
@State
public class SnapshotPublishWeakened {
    private volatile int version;
    private volatile int content;

    /** Puts. */
    @Actor
    public void writer() {
        version = 1;
        content = 7;
    }

    /** Reads. */
    @Actor
    public void reader(final II_Result result) {
        final int read = version;
        final int found = content;
        result.r1 = read == 0 && found == 0 ? 0 : read == 1 && found == 7 ? 7 : -1;
        result.r2 = 0;
    }
}
