/**
 * WebSocket against Java-WebSocket, Jetty and Netty: {@link io.millrace.jmh.websocket.PingPongWebSocket} asks how long a round trip
 * takes, {@link io.millrace.jmh.websocket.OneWayWebSocket} how many messages a second reach the receiver, and
 * {@link io.millrace.jmh.websocket.Broadcast} how many messages one publisher brings to a thousand subscribers.
 *
 * <p>The links are those of {@link io.millrace.jmh.connection}, made by
 * {@link io.millrace.jmh.websocket.WebSocketLinks}: a peer as its examples use it sends and receives strings, one at its best binary
 * messages. Every payload is checked where it arrives.
 */
package io.millrace.jmh.websocket;
