package io.postpaid.platform.batch;

/** Calls that are limited for all processes of an installation together. */
public interface SharedRate {

    /** So many processes call at a time, this one included. */
    void among(int processes);
}
