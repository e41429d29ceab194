package io.millrace.jmh.session;

import java.util.concurrent.ConcurrentHashMap;
import org.jctools.maps.NonBlockingHashMap;

/** All designs by name: the structure, then whose. */
final class Stores {
    private Stores() {}

    static Store empty(final String name, final int entries) {
        return switch (name) {
            case "attributes-millrace" -> new AttributeStores.Millrace(entries);
            case "attributes-mutex" -> new AttributeStores.Mutex(entries);
            case "attributes-netty" -> new AttributeStores.Netty(entries);
            case "attributes-concurrentHashMap" -> new AttributeStores.Mapped(entries);
            case "registry-millrace" -> new RegistryStores.Millrace(entries);
            case "registry-millrace-snapshot" -> new RegistryStores.Snapshot(entries);
            case "registry-readWriteLock" -> new RegistryStores.Locked(entries);
            case "registry-concurrentHashMap" ->
                new RegistryStores.Mapped(new ConcurrentHashMap<>(), new ConcurrentHashMap<>(), entries);
            case "registry-concurrentHashMap-records" -> new RegistryStores.MappedRecords(entries);
            case "registry-nonBlockingHashMap" ->
                new RegistryStores.Mapped(new NonBlockingHashMap<>(), new NonBlockingHashMap<>(), entries);
            case "state-millrace" -> new StateStores.Millrace();
            case "state-atomicReference" -> new StateStores.Reference();
            case "state-readWriteLock" -> new StateStores.Locked();
            default -> throw new IllegalArgumentException("no such store: store=" + name);
        };
    }

    static Store filled(final String name, final int entries) {
        final Store store = empty(name, entries);
        for (int i = 0; i < entries; i++) {
            store.write(i);
        }
        return store;
    }
}
