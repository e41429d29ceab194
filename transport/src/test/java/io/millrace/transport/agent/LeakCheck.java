package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Looks behind every test class, for the service loader brings it: what the class has {@link Held} is gone, and nothing was
 * said that a user would find on the console by default, unless the test is {@link Logs}. What ends may take its time, up to
 * a deadline.
 */
public final class LeakCheck implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(5);
    private static final ExtensionContext.Namespace OURS = ExtensionContext.Namespace.create(LeakCheck.class);
    private static final Queue<Runnable> ENDINGS = new ConcurrentLinkedQueue<>();
    private static final SaidAloud SAID = new SaidAloud();

    /** For the service loader. */
    public LeakCheck() {}

    /** Has something ended behind the test that is running. */
    static void afterTest(final Runnable ending) {
        ENDINGS.add(ending);
    }

    @Override
    public void beforeAll(final ExtensionContext context) {
        context.getStore(OURS).put(Held.class, Held.now());
    }

    @Override
    public void beforeEach(final ExtensionContext context) {
        SAID.clear();
    }

    @Override
    public void afterEach(final ExtensionContext context) {
        for (Runnable ending = ENDINGS.poll(); ending != null; ending = ENDINGS.poll()) {
            ending.run();
        }
        final boolean mayLog = AnnotationSupport.isAnnotated(context.getElement(), Logs.class)
                || AnnotationSupport.isAnnotated(context.getTestClass(), Logs.class);
        assertTrue(mayLog || SAID.isEmpty(), () -> "logged: " + SAID);
    }

    @Override
    public void afterAll(final ExtensionContext context) {
        final Held before = context.getStore(OURS).get(Held.class, Held.class);
        final long startNs = System.nanoTime();
        Set<String> kept = Held.now().beyond(before);
        while (!kept.isEmpty() && System.nanoTime() - startNs < DEADLINE_NS) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            kept = Held.now().beyond(before);
        }
        assertEquals(Set.of(), kept, "the tests are over, and these are still there");
    }
}
