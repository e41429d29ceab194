package io.millrace.tests.scenario;

import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** FAULTS 5 as it was built: a lock around the engine, held while the receiver calls up, and what came of mending that. */
final class LockedEnds implements Ends {
    enum Fault {
        /** The callback's send wants the lock that its own receive holds. */
        ONE_LOCK,
        /** That one may be taken again, but a sender takes another before it, and a callback after it. */
        TWO_LOCKS,
        /** A silence is passed up as an empty message, which is then read as the end. */
        SILENCE_AS_MESSAGE,
        /** Control frames go past the lock. */
        CONTROL_ASIDE
    }

    static final byte CONTROL = 'p';

    private static final long PATIENCE_S = 2;
    private static final byte[] SILENCE = {};

    private final Fault fault;
    private final End client;
    private final End server;

    LockedEnds(final Fault fault, final Party clientParty, final Party serverParty) {
        this.fault = fault;
        final BlockingQueue<byte[]> toClient = new LinkedBlockingQueue<>();
        final BlockingQueue<byte[]> toServer = new LinkedBlockingQueue<>();
        client = new End(clientParty, toClient, toServer, fault == Fault.TWO_LOCKS);
        server = new End(serverParty, toServer, toClient, false);
        client.thread.start();
        server.thread.start();
    }

    static Design with(final Fault fault) {
        return (client, server) -> new LockedEnds(fault, client, server);
    }

    /** One end, its locks and the thread that receives. */
    private final class End {
        private final Party party;
        private final BlockingQueue<byte[]> in;
        private final BlockingQueue<byte[]> out;
        private final Semaphore once = new Semaphore(1);
        private final ReentrantLock engine = new ReentrantLock();
        private final ReentrantLock sending = new ReentrantLock();

        /** Holds a sender and a receiver with one lock each. */
        private final CountDownLatch bothInside = new CountDownLatch(2);

        private final CountDownLatch insideFrame = new CountDownLatch(1);
        private final CountDownLatch controlSent = new CountDownLatch(1);
        private final Thread thread = new Thread(this::receive);
        private final boolean meets;
        private boolean hasSent;
        private volatile boolean open = true;

        End(final Party party, final BlockingQueue<byte[]> in, final BlockingQueue<byte[]> out, final boolean meets) {
            this.party = party;
            this.in = in;
            this.out = out;
            this.meets = meets;
            thread.setDaemon(true);
        }

        private void lockEngine() throws InterruptedException {
            if (fault == Fault.ONE_LOCK) {
                once.acquire();
            } else {
                engine.lockInterruptibly();
            }
        }

        private void unlockEngine() {
            if (fault == Fault.ONE_LOCK) {
                once.release();
            } else {
                engine.unlock();
            }
        }

        private void meet() throws InterruptedException {
            if (meets) {
                bothInside.countDown();
                bothInside.await(PATIENCE_S, TimeUnit.SECONDS);
            }
        }

        void send(final byte[] message) throws InterruptedException {
            if (fault == Fault.CONTROL_ASIDE && message[0] == CONTROL) {
                insideFrame.await(PATIENCE_S, TimeUnit.SECONDS);
                write(message);
                controlSent.countDown();
                return;
            }
            if (fault == Fault.TWO_LOCKS) {
                sending.lockInterruptibly();
            }
            try {
                // The first one is let through: without it there is nothing to receive.
                if (hasSent) {
                    meet();
                }
                hasSent = true;
                lockEngine();
                try {
                    write(message);
                } finally {
                    unlockEngine();
                }
            } finally {
                if (fault == Fault.TWO_LOCKS) {
                    sending.unlock();
                }
            }
        }

        private void write(final byte[] message) throws InterruptedException {
            out.add(ByteBuffer.allocate(Integer.BYTES).putInt(message.length).array());
            if (fault == Fault.CONTROL_ASIDE && message[0] != CONTROL) {
                insideFrame.countDown();
                controlSent.await(PATIENCE_S, TimeUnit.SECONDS);
            }
            out.add(message);
        }

        private void receive() {
            try {
                while (open) {
                    receiveOne();
                }
            } catch (final InterruptedException ex) {
                open = false;
            }
        }

        private void receiveOne() throws InterruptedException {
            final byte[] header = in.take();
            if (header.length == 0) {
                open = false;
                return;
            }
            final byte[] message = in.take();
            if (header.length != Integer.BYTES || ByteBuffer.wrap(header).getInt() != message.length) {
                open = false;
                return;
            }
            lockEngine();
            try {
                meet();
                final byte[] answer = party.onMessage(message);
                if (answer != null) {
                    send(answer);
                }
            } finally {
                unlockEngine();
            }
        }
    }

    @Override
    public void send(final byte[] message) throws InterruptedException {
        client.send(message);
    }

    @Override
    public void idle() {
        client.in.add(SILENCE);
    }

    @Override
    public boolean isOpen() {
        return client.open && server.open;
    }

    @Override
    public void close() {
        client.thread.interrupt();
        server.thread.interrupt();
    }
}
