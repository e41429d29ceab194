package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NoOpIdleStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AgentThreadTest {
    private final AtomicInteger closed = new AtomicInteger();
    private final AtomicReference<Thread> thread = new AtomicReference<>();
    private final Agent agent = new Agent() {
        @Override
        public int doWork() {
            throw new StackOverflowError("as a test wants");
        }

        @Override
        public void onClose() {
            closed.incrementAndGet();
        }

        @Override
        public String roleName() {
            return "broken";
        }
    };

    @Test
    @Logs("the test's own Error")
    void shouldCloseAnAgentOnceWhenItsTurnEndsInAnError() throws InterruptedException {
        AgentThread.start(agent, NoOpIdleStrategy.INSTANCE, target -> {
            thread.set(new Thread(target));
            thread.get().setUncaughtExceptionHandler((dead, error) -> {});
            return thread.get();
        });
        thread.get().join();
        assertEquals(1, closed.get());
    }
}
