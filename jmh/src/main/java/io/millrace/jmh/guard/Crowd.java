package io.millrace.jmh.guard;

import io.millrace.jmh.session.TicketBenchmark;
import java.util.concurrent.atomic.AtomicLong;

/** Threads that take and put tickets without a pause; the one that measures only looks on, now and then. */
final class Crowd implements Side {
    private static final int PAIRS = 100;
    private static final long GLANCE_MS = 20;

    private final TicketBenchmark run;
    private final Thread[] threads;
    private final AtomicLong done = new AtomicLong();
    private long seen;
    private volatile boolean running;

    Crowd(final TicketBenchmark run, final int size) {
        this.run = run;
        threads = new Thread[size];
    }

    @Override
    public void start() {
        run.fill();
        running = true;
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(this::takeOn, "taker-" + i);
            threads[i].start();
        }
    }

    private void takeOn() {
        while (running) {
            for (int pair = 0; pair < PAIRS; pair++) {
                run.takeAndPut();
            }
            done.addAndGet(PAIRS);
        }
    }

    @Override
    public long work() throws InterruptedException {
        Thread.sleep(GLANCE_MS);
        final long now = done.get();
        final long operations = now - seen;
        seen = now;
        return operations;
    }

    @Override
    public void stop() throws InterruptedException {
        running = false;
        for (final Thread thread : threads) {
            thread.join();
        }
        seen = done.get();
    }
}
