package io.millrace.jmh.connection;

import io.aeron.Aeron;
import io.aeron.FragmentAssembler;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.BufferClaim;
import io.aeron.logbuffer.FragmentHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/** Aeron, an embedded driver and a thread at either end that polls. Needs {@link #FLAG}. */
final class AeronLink implements Link {
    static final String FLAG = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED";

    static final int BEST_MTU = 8 * 1024;

    /** Half a term of 64 MiB, as Aeron has it for shared memory. */
    static final int BEST_WINDOW = 32 * 1024 * 1024;

    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(20);
    private static final int FORTH = 1;
    private static final int BACK = 2;
    private static final int POLL_LIMIT = 256;
    private static final long JOIN_MS = 10_000;

    private final boolean udp;
    private final AeronUse use;
    private final MediaDriver driver;
    private final Aeron aeron;
    private final Publication forth;
    private final Thread[] pollers;
    private volatile boolean running = true;

    AeronLink(final boolean udp, final AeronUse use, final Receiver atServer, final Receiver atClient) {
        this.udp = udp;
        this.use = use;
        final MediaDriver.Context context =
                new MediaDriver.Context().dirDeleteOnShutdown(true).printConfigurationOnStart(false);
        if (use.isTuned()) {
            context.threadingMode(ThreadingMode.SHARED)
                    .sharedIdleStrategy(use.idleStrategy())
                    .mtuLength(BEST_MTU)
                    .ipcMtuLength(BEST_MTU);
        }
        driver = MediaDriver.launchEmbedded(context);
        aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.aeronDirectoryName()));
        final Subscription server = subscribe(FORTH);
        final Subscription client = subscribe(BACK);
        forth = publish(server, FORTH);
        final Publication back = publish(client, BACK);
        pollers = new Thread[] {
            poll(server, atServer, sender(back), "aeron-server"), poll(client, atClient, sender(forth), "aeron-client")
        };
    }

    static Factory factory(final boolean udp, final AeronUse use) {
        return (server, client) -> new AeronLink(udp, use, server, client);
    }

    private Subscription subscribe(final int stream) {
        return aeron.addSubscription(udp ? "aeron:udp?endpoint=localhost:0" : "aeron:ipc", stream);
    }

    private Publication publish(final Subscription target, final int stream) {
        await(() -> !udp || target.tryResolveChannelEndpointPort() != null, "no port");
        final Publication publication =
                aeron.addPublication(udp ? target.tryResolveChannelEndpointPort() : "aeron:ipc", stream);
        // Connected comes first, and room for a message when the driver next looks.
        await(
                () -> publication.isConnected() && publication.availableWindow() > 0,
                "not connected, or no room: " + publication);
        return publication;
    }

    private static void await(final BooleanSupplier condition, final String what) {
        final long startNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - startNs > DEADLINE_NS) {
                throw new IllegalStateException("Aeron: " + what);
            }
            Thread.yield();
        }
    }

    private Thread poll(
            final Subscription subscription, final Receiver receiver, final Sender reply, final String name) {
        final Thread thread = new Thread(() -> pollAll(subscription, new Handler(receiver, reply)), name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void pollAll(final Subscription subscription, final Handler handler) {
        final FragmentHandler assembler = new FragmentAssembler(handler);
        final IdleStrategy idle = use.idleStrategy();
        while (running) {
            idle.idle(subscription.poll(assembler, POLL_LIMIT));
        }
    }

    @Override
    public Sender sender() {
        return sender(forth);
    }

    private Sender sender(final Publication publication) {
        return use.isTuned() ? new Claiming(publication) : new Copying(publication);
    }

    @Override
    public void close() {
        running = false;
        try {
            for (final Thread poller : pollers) {
                poller.join(JOIN_MS);
            }
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
        CloseHelper.closeAll(aeron, driver);
    }

    private static boolean isTaken(final long position, final Publication publication) throws IOException {
        if (position < 0 && position != Publication.BACK_PRESSURED) {
            throw new IOException("the offer failed: " + Publication.errorString(position) + " " + publication);
        }
        return position >= 0;
    }

    /** Offers copies, in as many fragments as it takes, and again while a term is being rotated. One thread. */
    private static final class Copying implements Sender {
        private final Publication publication;
        private final UnsafeBuffer wrapped = new UnsafeBuffer();
        private ByteBuffer last;

        Copying(final Publication publication) {
            this.publication = publication;
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // Equal content is not the same memory.
        public boolean offer(final ByteBuffer source, final int offset, final int length) throws IOException {
            if (source != last) {
                last = source;
                wrapped.wrap(source, 0, source.capacity());
            }
            long position = publication.offer(wrapped, offset, length);
            while (position == Publication.ADMIN_ACTION) {
                position = publication.offer(wrapped, offset, length);
            }
            return isTaken(position, publication);
        }
    }

    /** Claims what fits into one fragment. One thread. */
    private static final class Claiming implements Sender {
        private final Publication publication;
        private final BufferClaim claim = new BufferClaim();
        private final Copying copying;

        Claiming(final Publication publication) {
            this.publication = publication;
            copying = new Copying(publication);
        }

        @Override
        public boolean offer(final ByteBuffer source, final int offset, final int length) throws IOException {
            if (length > publication.maxPayloadLength()) {
                return copying.offer(source, offset, length);
            }
            long position = publication.tryClaim(length, claim);
            while (position == Publication.ADMIN_ACTION) {
                position = publication.tryClaim(length, claim);
            }
            if (!isTaken(position, publication)) {
                return false;
            }
            claim.buffer().putBytes(claim.offset(), source, offset, length);
            claim.commit();
            return true;
        }
    }

    /** Shows Agrona's buffers as the JDK's. One thread. */
    private static final class Handler implements FragmentHandler {
        private final Receiver receiver;
        private final Sender reply;
        private Object memory;
        private ByteBuffer view;

        Handler(final Receiver receiver, final Sender reply) {
            this.receiver = receiver;
            this.reply = reply;
        }

        @Override
        public void onFragment(
                final DirectBuffer buffer, final int offset, final int length, final io.aeron.logbuffer.Header header) {
            final ByteBuffer direct = buffer.byteBuffer();
            final Object now = direct == null ? buffer.byteArray() : direct;
            if (now != memory) {
                memory = now;
                // A duplicate is big-endian and has no limit of somebody else's.
                view = direct == null
                        ? ByteBuffer.wrap(buffer.byteArray())
                        : direct.duplicate().clear();
            }
            try {
                receiver.onMessage(view, buffer.wrapAdjustment() + offset, length, reply);
            } catch (final IOException ex) {
                throw new UncheckedIOException(ex);
            }
        }
    }
}
