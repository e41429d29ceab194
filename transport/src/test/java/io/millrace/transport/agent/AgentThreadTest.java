package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.millrace.ring.Doorbell;
import io.millrace.ring.Parker;
import io.millrace.transport.Waiting;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NoOpIdleStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AgentThreadTest {
    private static final long KEEP_ALIVE_NS = 10_000_000_000L;

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

    private Thread newThread(final Runnable target) {
        thread.set(new Thread(target));
        thread.get().setUncaughtExceptionHandler((dead, error) -> {});
        return thread.get();
    }

    @Test
    void shouldCloseAnAgentOnceWhenThereIsNoMemoryForItsIdleStrategy() throws InterruptedException {
        AgentThread.start(
                agent,
                () -> {
                    throw new OutOfMemoryError("as a test wants");
                },
                this::newThread,
                null);
        thread.get().join();
        assertEquals(1, closed.get());
    }

    @Test
    @Logs("the test's own Error")
    void shouldCloseAnAgentOnceWhenItsTurnEndsInAnError() throws InterruptedException {
        AgentThread.start(agent, () -> NoOpIdleStrategy.INSTANCE, this::newThread, null);
        thread.get().join();
        assertEquals(1, closed.get());
    }

    /** Between turns the agent is asked how long it may sleep: what is thrown there reaches nobody else. */
    @Test
    @Logs("the test's own exception, once")
    void shouldCloseAnAgentOnceWhenItsSleepThrows() throws InterruptedException {
        final Agent idle = new Agent() {
            @Override
            public int doWork() {
                return 0;
            }

            @Override
            public void onClose() {
                closed.incrementAndGet();
            }

            @Override
            public String roleName() {
                return "sleepless";
            }
        };
        final IdleStrategy broken = new IdleStrategy() {
            @Override
            public void idle(final int workCount) {
                throw new IllegalStateException("as a test wants");
            }

            @Override
            public void idle() {}

            @Override
            public void reset() {}
        };
        AgentThread.start(idle, () -> broken, this::newThread, null);
        thread.get().join();
        assertEquals(1, closed.get());
    }

    /** Sleeps whenever there is nothing to do, but not for long. */
    private static Rest parking(final Runnable sleep) {
        return new Rest(
                Waiting.PARKING,
                new Doorbell(new Parker() {
                    @Override
                    public void park(final long maxNs) {
                        sleep.run();
                    }

                    @Override
                    public void unpark() {
                        throw new AssertionError("nobody rings");
                    }
                }),
                () -> Long.MAX_VALUE);
    }

    /** Detaches when it is told to, and says which threads it had. */
    private static final class Sleeper implements DrivenAgent {
        final BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
        final CompletableFuture<Thread> closedBy = new CompletableFuture<>();
        final AtomicReference<Runnable> resume = new AtomicReference<>();
        volatile boolean ends;
        volatile boolean rests = true;
        private int turns;

        @Override
        public int doWork() {
            if (ends) {
                throw new AgentTerminationException(true);
            }
            return turns++ % 4 == 0 ? 1 : 0;
        }

        @Override
        public boolean tryDetach(final Runnable next) {
            resume.set(next);
            return true;
        }

        @Override
        public void attach() {
            threads.add(Thread.currentThread());
        }

        @Override
        public void onStart() {
            threads.add(Thread.currentThread());
        }

        @Override
        public void onClose() {
            closedBy.complete(Thread.currentThread());
        }

        @Override
        public Rest rest() {
            if (!rests) {
                throw new OutOfMemoryError("as a test wants");
            }
            return parking(() -> {});
        }

        @Override
        public void drivenBy(final Thread driver) {}

        @Override
        public String roleName() {
            return "sleeper";
        }

        Runnable awaitDetached() throws InterruptedException {
            threads.poll(30, TimeUnit.SECONDS).join();
            return resume.getAndSet(null);
        }
    }

    private final Queue<Runnable> closers = new ConcurrentLinkedQueue<>();

    /** Each lull is long. */
    private final AtomicLong nowNs = new AtomicLong();

    private final Lull lull = Lull.expecting(KEEP_ALIVE_NS, () -> nowNs.addAndGet(KEEP_ALIVE_NS));

    @Test
    void shouldGoOnWithAnotherThreadWhenItsAgentIsWokenWithoutOne() throws Exception {
        final Sleeper sleeper = new Sleeper();
        AgentThread.start(sleeper, lull, Thread::new, null, closers::add);
        for (int i = 0; i < 3; i++) {
            final Runnable resume = sleeper.awaitDetached();
            assertFalse(sleeper.closedBy.isDone());
            resume.run();
        }
        final Runnable last = sleeper.awaitDetached();
        sleeper.ends = true;
        last.run();

        assertEquals("sleeper", sleeper.closedBy.get(30, TimeUnit.SECONDS).getName());
    }

    @Test
    @Logs("an agent without a thread")
    void shouldHaveAnAgentClosedThatGetsNoThreadToWakeOnAndNotByItsWaker() throws Exception {
        final Sleeper sleeper = new Sleeper();
        final AtomicInteger made = new AtomicInteger();
        AgentThread.start(
                sleeper, lull, target -> made.getAndIncrement() == 0 ? new Thread(target) : null, null, closers::add);
        sleeper.awaitDetached().run();
        assertFalse(sleeper.closedBy.isDone());

        closers.remove().run();
        assertSame(Thread.currentThread(), sleeper.closedBy.get(30, TimeUnit.SECONDS));
        assertSame(Thread.currentThread(), sleeper.threads.poll(), "not attached");
    }

    /** Only the thread that drives it may close it. */
    @Test
    void shouldAttachAnAgentBeforeItIsClosedForWantOfMemory() throws Exception {
        final Sleeper sleeper = new Sleeper();
        AgentThread.start(
                sleeper,
                lull,
                target -> {
                    final Thread made = new Thread(target);
                    made.setUncaughtExceptionHandler((dead, error) -> {});
                    return made;
                },
                null,
                closers::add);
        final Runnable resume = sleeper.awaitDetached();
        sleeper.rests = false;
        resume.run();
        final Thread closer = sleeper.closedBy.get(30, TimeUnit.SECONDS);
        assertSame(closer, sleeper.threads.poll(), "not attached");
    }

    @Test
    void shouldNotDetachAnInterruptedThread() throws Exception {
        final Sleeper sleeper = new Sleeper();
        AgentThread.start(
                sleeper,
                lull,
                target -> new Thread(() -> {
                    Thread.currentThread().interrupt();
                    target.run();
                }),
                null,
                closers::add);

        sleeper.closedBy.get(30, TimeUnit.SECONDS);
        assertNull(sleeper.resume.get());
    }

    /** What can't detach rests as usual, and is asked again a lull later. */
    @Test
    void shouldRestWhenTheAgentCantDetach() throws Exception {
        final AtomicInteger asked = new AtomicInteger();
        final AtomicInteger turns = new AtomicInteger();
        final CompletableFuture<Void> ended = new CompletableFuture<>();
        final AtomicInteger rests = new AtomicInteger();
        final DrivenAgent agent = new DrivenAgent() {
            @Override
            public int doWork() {
                if (turns.incrementAndGet() > 10) {
                    throw new AgentTerminationException(true);
                }
                return 0;
            }

            @Override
            public boolean tryDetach(final Runnable resume) {
                asked.incrementAndGet();
                return false;
            }

            @Override
            public void onClose() {
                ended.complete(null);
            }

            @Override
            public Rest rest() {
                return parking(() -> nowNs.addAndGet(rests.getAndIncrement() == 0 ? KEEP_ALIVE_NS : Lull.AGAIN_NS / 4));
            }

            @Override
            public void drivenBy(final Thread driver) {}

            @Override
            public String roleName() {
                return "awake";
            }
        };
        AgentThread.start(agent, Lull.lasting(KEEP_ALIVE_NS, nowNs::get), Thread::new, null, closers::add);

        ended.get(30, TimeUnit.SECONDS);
        assertEquals(10, rests.get() + asked.get());
        assertEquals(2, asked.get());
    }
}
