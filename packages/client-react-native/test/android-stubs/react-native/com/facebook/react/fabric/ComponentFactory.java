package com.facebook.react.fabric;

public class ComponentFactory {}
