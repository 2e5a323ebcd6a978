package io.postpaid.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A connection to a server of this machine that can be cut: nothing goes through any more, and nobody is told. */
public final class CutCable implements AutoCloseable {
    private final ServerSocket entrance;
    private final int server;
    private final Collection<Socket> sockets = new ConcurrentLinkedQueue<>();
    private volatile boolean cut;

    private CutCable(ServerSocket entrance, int server) {
        this.entrance = entrance;
        this.server = server;
    }

    public static CutCable to(int server) throws IOException {
        return at(InetAddress.getLoopbackAddress(), server);
    }

    public static CutCable at(InetAddress entrance, int server) throws IOException {
        var cable = new CutCable(new ServerSocket(0, 50, entrance), server);
        Thread.ofVirtual().start(cable::accept);
        return cable;
    }

    public int port() {
        return entrance.getLocalPort();
    }

    public void cut() {
        cut = true;
    }

    private void accept() {
        try {
            while (true) {
                var caller = entrance.accept();
                var called = new Socket(InetAddress.getLoopbackAddress(), server);
                sockets.add(caller);
                sockets.add(called);
                Thread.ofPlatform().daemon().start(() -> carry(caller, called));
                Thread.ofPlatform().daemon().start(() -> carry(called, caller));
            }
        } catch (IOException _) {
            // It is closed.
        }
    }

    private void carry(Socket from, Socket to) {
        var some = new byte[8192];
        try {
            for (int read = from.getInputStream().read(some);
                    read >= 0;
                    read = from.getInputStream().read(some)) {
                if (!cut) to.getOutputStream().write(some, 0, read);
            }
            // Who ends behind a cut is not heard either.
            if (!cut) to.shutdownOutput();
        } catch (IOException _) {
            // One of the two is gone.
        }
    }

    @Override
    public void close() throws IOException {
        entrance.close();
        for (var socket : sockets) socket.close();
    }
}
