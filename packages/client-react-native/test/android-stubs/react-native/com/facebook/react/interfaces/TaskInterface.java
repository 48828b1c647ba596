package com.facebook.react.interfaces;

public interface TaskInterface<T> {}
