package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InvokerDriverTest {
    private final InvokerDriver driver = new InvokerDriver();
    private final ExecutorService owner = Executors.newSingleThreadExecutor();
    private final ExecutorService helper = Executors.newSingleThreadExecutor();
    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    @AfterEach
    void end() throws InterruptedException {
        goOn.countDown();
        for (final ExecutorService each : new ExecutorService[] {owner, helper}) {
            each.shutdown();
            each.awaitTermination(10, TimeUnit.SECONDS);
        }
    }

    /** Stays in its turn until it may go on, if somebody else than its owner takes that. */
    private final class Staying implements DrivenAgent {
        private Thread first;

        @Override
        public Rest rest() {
            throw new IllegalStateException("nobody rests here");
        }

        @Override
        public void drivenBy(final Thread thread) {
            if (first == null) {
                first = thread;
            }
        }

        @Override
        public int doWork() throws InterruptedException {
            if (Thread.currentThread() != first) {
                inside.countDown();
                goOn.await();
            }
            return 0;
        }

        @Override
        public String roleName() {
            return "staying";
        }
    }

    private CompletableFuture<Void> invoke(final ExecutorService by) {
        return CompletableFuture.runAsync(() -> driver.invoker().invoke(), by);
    }

    @Test
    void shouldLetItsThreadWaitWhileAnotherDrivesForIt() throws Exception {
        driver.start(new Staying());
        invoke(owner).get();
        final CompletableFuture<Void> helping = CompletableFuture.runAsync(driver::driveForAbsent, helper);
        inside.await();
        final CompletableFuture<Void> late = invoke(owner);
        // Whoever else invokes meanwhile is refused, and late is not.
        assertThrows(IllegalStateException.class, () -> driver.invoker().invoke());
        goOn.countDown();
        late.get();
        helping.get();
        invoke(owner).get();
    }
}
