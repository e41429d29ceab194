package io.millrace.transport.agent;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the process holds that has to go back: platform threads of ours, sockets, and buffers borrowed from pools. A virtual
 * thread can't be listed, but has a socket; and a buffer that is no pool's is the garbage collector's, with its connection.
 */
record Held(Set<Thread> threads, Set<String> sockets, int buffers) {
    private static final String THREADS = "millrace-";

    static Held now() {
        final Set<Thread> threads = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(THREADS))
                .collect(Collectors.toSet());
        return new Held(threads, OpenSockets.list(), BufferPool.lentByAll());
    }

    Set<String> beyond(final Held before) {
        final Set<String> more = new TreeSet<>(sockets);
        more.removeAll(before.sockets);
        threads.stream()
                .filter(thread -> !before.threads.contains(thread))
                .map(Thread::toString)
                .forEach(more::add);
        if (buffers > before.buffers) {
            more.add("buffers: " + (buffers - before.buffers));
        }
        return more;
    }
}
