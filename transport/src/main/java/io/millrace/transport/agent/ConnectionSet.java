package io.millrace.transport.agent;

import io.millrace.session.Registry;
import io.millrace.session.RegistryContext;
import io.millrace.session.RegistryRecord;
import io.millrace.session.RegistrySnapshot;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionCounters;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The connections of a transport that live, in groups: those of each listener, and those that were connected. Any thread;
 * changes are lock-free and copy O(log n), a list is one moment's.
 */
public final class ConnectionSet {
    private final Registry<DrivenConnection> registry =
            new Registry<>(new RegistryContext<DrivenConnection>().logCapacity(0));

    /** Set on a thread that ends a connection, from its removal until all have heard of its end. */
    private final ThreadLocal<Boolean> ending = new ThreadLocal<>();

    /** Makes an empty set. */
    public ConnectionSet() {}

    /**
     * Adds a connection.
     *
     * @param group of the connection.
     * @param agent of the connection.
     */
    public void add(final String group, final DrivenConnection agent) {
        registry.put(group, id(agent), agent);
    }

    /**
     * Removes a connection. The thread that ends it.
     *
     * @param group that it was added to.
     * @param agent of the connection.
     */
    public void remove(final String group, final DrivenConnection agent) {
        registry.remove(group, id(agent));
        if (!isEnding()) {
            ending.set(true);
            agent.connection().closed().whenComplete((report, error) -> ending.remove());
        }
    }

    /**
     * Whether the calling thread is ending a connection, which is not in the set any more: in its handler's onClose.
     *
     * @return true if so.
     */
    public boolean isEnding() {
        return ending.get() != null;
    }

    private static String id(final DrivenConnection agent) {
        return Long.toString(agent.connection().id());
    }

    /**
     * All connections.
     *
     * @return an immutable list, by id.
     */
    public List<DrivenConnection> all() {
        final RegistrySnapshot<DrivenConnection> snapshot = registry.snapshot();
        return list(snapshot.types().stream().map(snapshot::list).flatMap(Collection::stream));
    }

    /**
     * The connections of one group.
     *
     * @param group of the connections.
     * @return an immutable list, by id.
     */
    public List<DrivenConnection> of(final String group) {
        return list(registry.list(group).stream());
    }

    /**
     * The counters of all connections.
     *
     * @return an immutable list.
     */
    public List<ConnectionCounters> counters() {
        final RegistrySnapshot<DrivenConnection> snapshot = registry.snapshot();
        return snapshot.types().stream()
                .flatMap(type -> snapshot.list(type).stream())
                .map(entry -> entry.value().connection().counters())
                .toList();
    }

    /**
     * What users see of connections.
     *
     * @param agents of the connections.
     * @return an immutable list in the same order.
     */
    public static List<Connection> faces(final List<DrivenConnection> agents) {
        return agents.stream().map(DrivenConnection::connection).toList();
    }

    private static List<DrivenConnection> list(final Stream<RegistryRecord<DrivenConnection>> records) {
        return records.map(RegistryRecord::value)
                .sorted(Comparator.comparingLong(agent -> agent.connection().id()))
                .toList();
    }
}
