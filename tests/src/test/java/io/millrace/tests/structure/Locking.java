package io.millrace.tests.structure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Hashtable;
import java.util.List;
import java.util.Stack;
import java.util.Vector;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Exchanger;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** One class for each thing that {@link LockScanner} must report. Never run. */
@SuppressWarnings({"serial", "JdkObsolete", "WaitNotInLoop"})
final class Locking {
    private Locking() {}

    static final class Monitor {
        int count;

        void run() {
            synchronized (this) {
                count++;
            }
        }
    }

    static final class SynchronizedMethod {
        synchronized void run() {}
    }

    static final class LockField {
        ReentrantLock lock;
    }

    static final class LockReference {
        Consumer<Lock> reference = Lock::lock;
    }

    static final class Synchronizer extends AbstractQueuedSynchronizer {}

    static final class Queue {
        Object queue = new ArrayBlockingQueue<>(1);
    }

    static final class Transfer {
        Object queue = new LinkedTransferQueue<>();
    }

    static final class Handoff {
        Object queue = new SynchronousQueue<>();
    }

    static final class Map {
        Object map = new ConcurrentHashMap<>();
    }

    static final class NestedMap {
        ConcurrentHashMap.KeySetView<?, ?> keys;
    }

    static final class Latch {
        Object latch = new CountDownLatch(1);
    }

    static final class Permits {
        Object permits = new Semaphore(1);
    }

    static final class Barrier {
        Object barrier = new CyclicBarrier(1);
    }

    static final class Exchange {
        Object exchanger = new Exchanger<>();
    }

    static final class Phases {
        Object phaser = new Phaser();
    }

    static final class Table {
        Object table = new Hashtable<>();
    }

    static final class Elements {
        Object elements = new Vector<>();
    }

    static final class Pile {
        Object pile = new Stack<>();
    }

    static final class Buffer {
        Object buffer = new StringBuffer();
    }

    static final class Wrapper {
        List<Object> list = Collections.synchronizedList(new ArrayList<>());
    }

    static final class Wait {
        void run() throws InterruptedException {
            wait();
        }
    }

    static final class Notify {
        Runnable reference = this::notifyAll;
    }

    static final class Sleep {
        void run() throws InterruptedException {
            Thread.sleep(1);
        }
    }

    static final class Park {
        void run() {
            LockSupport.park(this);
        }
    }

    static final class Unpark {
        void run(final Thread thread) {
            LockSupport.unpark(thread);
        }
    }
}
