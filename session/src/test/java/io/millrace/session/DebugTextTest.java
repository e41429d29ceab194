package io.millrace.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** What is shown in a log or a debugger tells how full a thing is, and nothing that was put in. */
class DebugTextTest {
    private enum Phase {
        NEW,
        OPEN
    }

    private record State(Phase phase, String secret) {}

    @Test
    void shouldShowCountsOfAttributes() {
        final AttributeMap map = new AttributeMap(4, 100);
        map.set(AttributeKey.ofText("name"), "secret");

        assertEquals("AttributeMap entries=1 weightBytes=12 maxEntries=4 maxBytes=100", map.toString());
        assertEquals(
                "AttributeSnapshot entries=1 weightBytes=12", map.snapshot().toString());
    }

    @Test
    void shouldShowThePhaseOfAState() {
        final StateEdges<State, Phase> edges =
                StateEdges.by(Phase.class, State::phase).edge(Phase.NEW, Phase.OPEN);
        final StateCell<State> cell = new StateCell<>(new State(Phase.NEW, "secret"), edges);
        assertEquals("StateCell phase=NEW listeners=0", cell.toString());
        cell.onEdge((from, to) -> {});
        final StateCursor<State> cursor = cell.cursor();
        assertEquals("StateCursor phase=NEW behind=false", cursor.toString());

        cell.update(state -> new State(Phase.OPEN, "secret"));

        assertEquals("StateCell phase=OPEN listeners=1", cell.toString());
        assertEquals("StateCursor phase=NEW behind=true", cursor.toString());
        assertEquals("StateEdges {NEW=[OPEN], OPEN=[]}", edges.toString());
    }

    @Test
    void shouldShowCountsAndBoundsOfTickets() {
        final SessionCacheContext context =
                new SessionCacheContext().maxKeys(2).maxTicketsPerKey(3).maxTickets(4);
        final SessionCache cache = new SessionCache(context);
        final SessionKey key = SessionKey.builder("host", 443).build();
        cache.put(key, new byte[] {1, 2, 3}, 60);
        cache.put(key, new byte[] {1, 2, 3}, 60);
        final TakenTicket taken = cache.take(key);

        final String bounds = " maxKeys=2 maxTicketsPerKey=3 maxTickets=4";
        assertEquals("SessionCacheContext" + bounds, context.toString());
        assertEquals("SessionCache" + bounds + " " + cache.stats(), cache.toString());
        assertEquals("TakenTicket state=held key=host:443 epoch=0 partition=", taken.toString());
        taken.close();
        assertEquals("TakenTicket state=closed key=host:443 epoch=0 partition=", taken.toString());
    }

    @Test
    void shouldShowVersionsAndCountsOfARegistry() {
        final RegistryContext<String> context =
                new RegistryContext<String>().serverVersion(100).logCapacity(8).index("first", text -> text.charAt(0));
        final Registry<String> registry = new Registry<>(context);
        final RegistryPublisher<String> publisher = new RegistryPublisher<>(registry, 64, 20);
        registry.put("t", "id", "secret");
        registry.leases().acquire("job", 1_000);

        assertEquals(
                "RegistryContext logCapacity=8 typeOptions=" + TypeOptions.UNBOUNDED
                        + " indexes=[first] copies=false serverVersion=100",
                context.toString());
        assertEquals(
                "Registry serverVersion=100 version=1 earliestVersion=0 types=1 logCapacity=8", registry.toString());
        assertEquals(
                "RegistrySnapshot serverVersion=100 version=1 earliestVersion=0 types=1",
                registry.snapshot().toString());
        assertEquals(
                "RegistrySync serverVersion=100 version=1 broken=false",
                registry.sync(100, 1).toString());
        assertEquals("Leases count=1 lastId=1", registry.leases().toString());
        assertEquals(
                "RegistryPublisher RegistrySync serverVersion=100 version=0 broken=false"
                        + " BroadcastRing publishedRecords=0 closed=false capacity=64 maxRecordLength=41",
                publisher.toString());
        assertEquals(
                "RegistryWatch BroadcastReader readRecords=0 missedRecords=0 missedBytes=0 waitingRecords=0",
                publisher.watch().toString());
    }

    @Test
    void shouldShowSizes() {
        final SnapshotSet<String> set = new SnapshotSet<>();
        set.add("secret");

        assertEquals("SnapshotSet size=1", set.toString());
        assertEquals(
                "HashTrie size=1",
                HashTrie.<String, String>empty().with("key", "secret").toString());
        assertEquals("HandlePool capacity=2", new HandlePool<>(2, Object::new, thing -> {}).toString());
    }
}
