package io.millrace.tests.scale;

import io.millrace.jmh.SelfSignedCertificate;
import io.millrace.transport.CloseReason;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.IdleContext;
import io.millrace.transport.Listener;
import io.millrace.transport.ListenerContext;
import io.millrace.transport.SlowConsumerPolicy;
import io.millrace.transport.SocketContext;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.tls.TlsContext;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;

/**
 * Conversations of every {@link Kind} over tcp, tls and unix, for a long time, between two transports of this process.
 * From time to time all rest, and what the process holds is looked at. {@code java -cp ... TransportSoak SECONDS [SEED [REST]]},
 * with the longest rest of a thread between two conversations in milliseconds.
 */
final class TransportSoak {
    private static final List<Kind> KINDS = List.of(Kind.values());
    private static final int WORKERS = 6;
    private static final int CHECKPOINTS = 6;
    private static final int CAPACITY = 128 * 1024;
    private static final int SOCKET_BUFFER = 64 * 1024;
    private static final long SLOW_NS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long QUIET_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long BOUND_NS = TimeUnit.SECONDS.toNanos(120);

    /** Compiled code, caches of the JDK's TLS, lists that have their capacity. */
    private static final long MOST_HEAP_GROWTH = 4L * 1024 * 1024;

    /** The receive buffers that the two pools may still take up. */
    private static final long MOST_DIRECT_GROWTH = 2L * 1024 * 1024;

    /** What one run did. The first footprint is that of a process that has warmed up. */
    record Result(
            List<Footprint> footprints,
            Map<Kind, Integer> conversations,
            long messages,
            List<String> faults,
            double cpu) {}

    private final long seed;
    private final int longestRestMs;
    private final Map<Long, Conversation> live = new ConcurrentHashMap<>();
    private final AtomicLong nextId = new AtomicLong(1);
    private final Map<Kind, AtomicInteger> done = new EnumMap<>(Kind.class);
    private final AtomicLong messages = new AtomicLong();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();

    /** All meet here twice a checkpoint: before it, and after. */
    private final Phaser pause = new Phaser(1 + WORKERS);

    private volatile boolean resting;
    private volatile boolean ending;
    private Transport serverSide;
    private Transport clientSide;
    private List<Listener> listeners;

    TransportSoak(final long seed, final int longestRestMs) {
        this.seed = seed;
        this.longestRestMs = longestRestMs;
        for (final Kind kind : Kind.values()) {
            done.put(kind, new AtomicInteger());
        }
    }

    /** Soaks for so long; throws only if it can't begin. */
    Result run(final long durationNs) throws Exception {
        final SSLContext ssl = SelfSignedCertificate.sslContext();
        final Path folder = Files.createTempDirectory("millrace");
        final List<Footprint> footprints = new ArrayList<>();
        final long startNs = System.nanoTime();
        final long cpuBeforeNs = cpuNs();
        serverSide = transport(ssl);
        clientSide = transport(ssl);
        try {
            listeners = List.of(
                    listen("tcp://localhost:0"), listen("tls://localhost:0"), listen("unix:" + folder.resolve("soak")));
            final List<Thread> workers = startWorkers();
            // The first tenth warms up.
            final long warmUpNs = durationNs / 10;
            for (int i = 0; i <= CHECKPOINTS && faults.isEmpty(); i++) {
                awaitUntil(startNs + warmUpNs + (durationNs - warmUpNs) / CHECKPOINTS * i);
                footprints.add(checkpoint(i == CHECKPOINTS));
            }
            ending = true;
            for (final Thread worker : workers) {
                worker.join(TimeUnit.NANOSECONDS.toMillis(BOUND_NS));
            }
            checkTotals();
        } finally {
            resting = false;
            ending = true;
            clientSide.close();
            serverSide.close();
            Files.delete(folder);
        }
        final Map<Kind, Integer> conversations = new EnumMap<>(Kind.class);
        done.forEach((kind, count) -> conversations.put(kind, count.get()));
        final double cpu = (cpuNs() - cpuBeforeNs) / (double) (System.nanoTime() - startNs);
        return new Result(footprints, conversations, messages.get(), List.copyOf(faults), cpu);
    }

    private static long cpuNs() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
    }

    private static Transport transport(final SSLContext ssl) {
        return new Transport(new TransportContext()
                .tlsContext(new TlsContext().sslContext(ssl))
                .connectionContext(settings()));
    }

    private static ConnectionContext settings() {
        return new ConnectionContext()
                .maxMessageLength(Messages.MAX_LENGTH)
                .outboundCapacity(CAPACITY)
                .idleContext(new IdleContext().bufferIdleTimeoutNs(QUIET_NS))
                .socketContext(
                        new SocketContext().sendBufferLength(SOCKET_BUFFER).receiveBufferLength(SOCKET_BUFFER));
    }

    private Listener listen(final String uri) {
        final ConnectionContext each = settings()
                .allowHalfOpen(true)
                .slowConsumerPolicy(SlowConsumerPolicy.DISCONNECT)
                .slowConsumerTimeoutNs(SLOW_NS);
        return serverSide.listen(
                URI.create(uri), new ListenerContext().connectionContext(each), () -> new Server(live::get));
    }

    private List<Thread> startWorkers() {
        final List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            final Random random = new Random(seed + i);
            final Thread worker = new Thread(() -> work(random), "soak-" + i);
            worker.setDaemon(true);
            worker.start();
            workers.add(worker);
        }
        return workers;
    }

    private void work(final Random random) {
        try {
            while (!ending) {
                if (resting) {
                    pause.arriveAndAwaitAdvance();
                    pause.arriveAndAwaitAdvance();
                    continue;
                }
                converse(random);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(longestRestMs)));
            }
        } catch (final Exception | Error ex) {
            final List<String> trace = new ArrayList<>();
            for (Throwable cause = ex; cause != null; cause = cause.getCause()) {
                trace.add(cause.toString());
            }
            fault("a worker failed: " + trace);
        } finally {
            pause.arriveAndDeregister();
        }
    }

    private void converse(final Random random) throws Exception {
        final long id = nextId.getAndIncrement();
        // Each once, however short it is: then by chance.
        final Kind kind = KINDS.get(id <= KINDS.size() ? (int) id - 1 : random.nextInt(KINDS.size()));
        final Listener listener = listeners.get(kind == Kind.CLIENT_RESETS ? 0 : random.nextInt(listeners.size()));
        final Conversation conversation = new Conversation(id, kind, new Random(random.nextLong()));
        live.put(id, conversation);
        final Optional<String> fault = conversation.run(clientSide, listener.uri(), settings());
        live.remove(id);
        fault.ifPresent(text -> fault(listener.uri() + " " + text));
        done.get(kind).incrementAndGet();
        messages.addAndGet(conversation.messages());
    }

    private void fault(final String text) {
        System.out.println("soak: fault: " + text);
        faults.add(text);
    }

    private void awaitUntil(final long deadlineNs) {
        while (System.nanoTime() - deadlineNs < 0 && faults.isEmpty()) {
            LockSupport.parkNanos(QUIET_NS);
        }
    }

    /** All rest; what is held then. */
    private Footprint checkpoint(final boolean last) throws Exception {
        resting = true;
        pause.arriveAndAwaitAdvance();
        final long sinceNs = System.nanoTime();
        while (!serverSide.connections().isEmpty() || !clientSide.connections().isEmpty()) {
            if (System.nanoTime() - sinceNs > BOUND_NS) {
                throw new AssertionError(
                        "connections that do not end: " + serverSide.connections() + " " + clientSide.connections());
            }
            LockSupport.parkNanos(QUIET_NS);
        }
        final Footprint footprint = Footprint.take();
        report(footprint);
        ending = last;
        resting = false;
        pause.arriveAndAwaitAdvance();
        return footprint;
    }

    private void report(final Footprint footprint) {
        System.out.println("soak: conversations=" + (nextId.get() - 1) + " messages=" + messages + " " + footprint);
    }

    private void checkTotals() {
        final long conversations = nextId.get() - 1;
        final long accepted = listeners.stream()
                .mapToLong(listener -> listener.counters().accepted())
                .sum();
        final long closed = closed(serverSide);
        if (accepted != conversations
                || closed != conversations
                || serverSide.counters().opened() != conversations) {
            fault("conversations=" + conversations + " accepted=" + accepted + " opened="
                    + serverSide.counters().opened() + " closed=" + closed);
        }
        if (clientSide.counters().opened() != closed(clientSide)) {
            fault("client opened=" + clientSide.counters().opened() + " closed=" + closed(clientSide));
        }
    }

    private static long closed(final Transport transport) {
        long closed = 0;
        for (final CloseReason reason : CloseReason.values()) {
            closed += transport.counters().closed(reason);
        }
        return closed;
    }

    /**
     * Soaks, and says how it was.
     *
     * @param args seconds, seed, longest rest.
     * @throws Exception if it can't begin.
     */
    public static void main(final String[] args) throws Exception {
        final long seed = args.length > 1 ? Long.parseLong(args[1]) : System.nanoTime();
        System.out.println("soak: seed=" + seed);
        final Result result = new TransportSoak(seed, args.length > 2 ? Integer.parseInt(args[2]) : 1_000)
                .run(TimeUnit.SECONDS.toNanos(Long.parseLong(args[0])));
        System.out.println("soak: " + result);
        System.exit(result.faults().isEmpty() && growth(result).isEmpty() ? 0 : 1);
    }

    /** What has grown from the first footprint to the last, beyond what chance explains; empty if nothing has. */
    static List<String> growth(final Result result) {
        final Footprint first = result.footprints().get(0);
        final Footprint last = result.footprints().get(result.footprints().size() - 1);
        final List<String> growth = new ArrayList<>();
        grown("heapBytes", first.heapBytes(), last.heapBytes(), MOST_HEAP_GROWTH, growth);
        grown("directBytes", first.directBytes(), last.directBytes(), MOST_DIRECT_GROWTH, growth);
        grown("threads", first.threads(), last.threads(), 0, growth);
        grown("descriptors", first.descriptors(), last.descriptors(), 0, growth);
        return growth;
    }

    private static void grown(
            final String what, final long first, final long last, final long most, final List<String> growth) {
        if (last - first > most) {
            growth.add(what + ": first=" + first + " last=" + last);
        }
    }
}
