package io.millrace.transport.channel.socket;

import io.millrace.ring.Parker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;

/** {@link SharedPoller} and {@link PolledParker} for one socket, told once more, with a fault or with none. */
final class PollerTwin implements PollerUnderTest {
    /** What it does wrong. */
    enum Fault {
        NONE,
        ARMS_ONLY_ONCE,
        UNPARKS_BEFORE_THE_FLAG_IS_CLEAR,
        CLEARS_THE_FLAG_BEFORE_THE_KEY,
        DOES_NOT_RING,
        LOOKS_BEFORE_IT_SAYS_THAT_IT_SLEEPS,
        LOSES_THE_READY_EVENT,
        DISARMS_AND_DOES_NOT_WAKE,
        TELLS_NOBODY_OF_ITS_END,
        UNPARKS_BEFORE_IT_SAYS_WHY
    }

    private final Fault fault;
    private final ModelSelector selector;
    private final Parker thread = new ModelParker();
    private final Watch watch = new Watch(thread);
    private final SelectionKey key;
    private boolean armedBefore;
    private volatile boolean asleep;
    private volatile boolean closing;
    private volatile boolean closed;
    private volatile boolean failed;

    PollerTwin(final Fault fault, final ModelSelector selector, final ModelSocket socket) {
        this.fault = fault;
        this.selector = selector;
        key = socket.register(selector, 0, watch);
    }

    @Override
    public void park() {
        watch.back(SelectionKey.OP_READ);
        final int missing = watch.arm(SelectionKey.OP_READ);
        if (missing != 0 && !(armedBefore && fault == Fault.ARMS_ONLY_ONCE)) {
            armedBefore = true;
            key.interestOpsOr(missing);
            if (fault != Fault.DOES_NOT_RING) {
                ring();
            }
        }
        if (failed) {
            throw new UncheckedIOException(new IOException("failed"));
        }
        thread.park(Long.MAX_VALUE);
    }

    private void ring() {
        if (asleep) {
            selector.wakeup();
        }
    }

    @Override
    public void close() {
        closed = true;
        ring();
    }

    @Override
    public void unpark() {
        thread.unpark();
    }

    @Override
    public boolean poll() {
        if (fault == Fault.LOOKS_BEFORE_IT_SAYS_THAT_IT_SLEEPS) {
            selector.takeInterest();
            asleep = true;
        } else {
            asleep = true;
            selector.takeInterest();
        }
        if (!(closing && closed)) {
            selector.await(this::onReady);
        }
        asleep = false;
        return !(closing && closed);
    }

    private void onReady(final SelectionKey ready) {
        if (fault == Fault.LOSES_THE_READY_EVENT && closing) {
            key.interestOpsAnd(~ready.readyOps());
            watch.disarm(ready.readyOps());
            return;
        }
        watch.tell(ready.readyOps());
        final int left = watch.told();
        if (left != 0) {
            disarm(left);
        }
    }

    private void disarm(final int left) {
        switch (fault) {
            case UNPARKS_BEFORE_THE_FLAG_IS_CLEAR -> {
                key.interestOpsAnd(~left);
                watch.unpark();
                watch.disarm(left);
            }
            case CLEARS_THE_FLAG_BEFORE_THE_KEY -> {
                watch.disarm(left);
                key.interestOpsAnd(~left);
                watch.unpark();
            }
            case DISARMS_AND_DOES_NOT_WAKE -> {
                key.interestOpsAnd(~left);
                watch.disarm(left);
            }
            default -> {
                key.interestOpsAnd(~left);
                watch.disarm(left);
                watch.unpark();
            }
        }
    }

    @Override
    public void disarm() {
        disarm(SelectionKey.OP_READ);
    }

    @Override
    public void closePoller() {
        closing = true;
        ring();
    }

    @Override
    public void fail() {
        if (fault == Fault.UNPARKS_BEFORE_IT_SAYS_WHY) {
            watch.unpark();
            failed = true;
        } else {
            failed = true;
            if (fault != Fault.TELLS_NOBODY_OF_ITS_END) {
                watch.unpark();
            }
        }
    }
}
