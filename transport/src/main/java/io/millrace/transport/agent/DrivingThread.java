package io.millrace.transport.agent;

/** Which thread drives an agent. Set by that thread; asked by any; wait-free. */
final class DrivingThread {
    private volatile Thread thread;

    void set(final Thread newThread) {
        if (thread != newThread) {
            thread = newThread;
        }
    }

    /** Whether the calling thread is the one: then it must not wait for the agent. */
    boolean isCurrent() {
        return thread == Thread.currentThread();
    }
}
