// Grooves as depths (cm): what age leaves, and what an expression folds. Each 0 where nothing is.
float groove(float offset, float width) { return exp(-offset * offset / (width * width)); }
float lines(float phase, float width) { float s = sin(phase); return exp(-s * s / (width * width)); }
float broken(float scale, float shift) { return smoothstep(0.15, 0.65, noise(vec3(Q.x * scale, Q.y * scale * 0.7, shift))); }

float forehead_lines() {
    float ax = abs(Q.x);
    float wander = 0.30 * wave(vec3(Q.x * 0.45, 3.0, who)) + 0.10 * wave(vec3(Q.x * 1.4, Q.y * 0.5, who));
    float y = Q.y - 0.05 * ax * ax * smoothstep(3.0, 0.0, ax) + wander - 0.012 * ax * ax;
    float where = smoothstep(5.9, 6.7, Q.y) * smoothstep(9.9, 8.9, Q.y) * smoothstep(5.6, 3.6, ax) * ahead(5.0);
    return lines(y * 3.6 + who, 0.26) * where * (0.35 + 0.65 * broken(0.8, 5.0 + who));
}

float frown_lines() {
    float ax = abs(Q.x);
    float vertical = groove(ax - 0.62 - 0.10 * (Q.y - 5.2), 0.11) * groove(Q.y - 5.5, 1.0) * ahead(9.0);
    float root = groove(Q.y - 4.25 - 0.1 * ax * ax, 0.10) * smoothstep(1.2, 0.5, ax) * ahead(9.5);
    return vertical + 0.6 * root;
}

float crows_feet() {
    vec2 from = vec2(abs(Q.x) - 4.55, Q.y - 3.25);
    float angle = atan(from.y, max(from.x, 0.01)), reach = length(from);
    float fan = lines(angle * 4.6 + 0.4 * wave(vec3(reach * 0.9, angle, who)) + 0.5, 0.27);
    return fan * smoothstep(0.55, 1.0, reach) * smoothstep(2.7, 1.5, reach) * smoothstep(1.15, 0.75, abs(angle)) * step(0.0, from.x) * (0.4 + 0.6 * broken(1.3, who));
}

float under_eye() {
    float ax = abs(Q.x) - 3.2;
    float bag = groove(Q.y - (2.15 + 0.13 * ax * ax - 0.10 * ax), 0.17) * bump(ax, 1.5);
    float fine = lines((Q.y - 0.10 * ax * ax + 0.14 * ax) * 8.5 + wave(vec3(Q.x * 1.2, Q.y, who)), 0.32) * bump(Q.y - 2.55, 0.4) * bump(ax, 1.4);
    return (0.9 * bag + 0.35 * fine) * ahead(7.0);
}

float nasolabial() {
    float along = clamp((1.0 - Q.y) / 4.6, 0.0, 1.0);
    float path = mix(1.85, 3.75, pow(along, 0.85)) - 0.30 * smoothstep(0.75, 1.0, along);
    return groove(abs(Q.x) - path, 0.34) * smoothstep(1.2, -0.4, Q.y) * smoothstep(-3.8, -1.6, Q.y) * ahead(7.5);
}

float mouth_corner() {
    float path = 2.95 + 0.12 * (-3.6 - Q.y);
    return groove(abs(Q.x) - path, 0.14) * smoothstep(-3.1, -3.7, Q.y) * smoothstep(-6.0, -4.6, Q.y) * ahead(8.0);
}

float lip_lines() {
    float ring = smoothstep(-5.3, -4.5, Q.y) * smoothstep(-1.2, -1.9, Q.y) * smoothstep(2.7, 1.9, abs(Q.x)) * ahead(8.6);
    return lines(Q.x * 5.2 + 0.8 * wave(vec3(Q.x, Q.y * 0.8, who)), 0.34) * ring;
}

float nose_folds() {
    return lines((Q.y * 0.8 + abs(Q.x) * 0.9) * 5.5, 0.3) * bump(abs(Q.x) - 1.15, 0.5) * bump(Q.y - 2.9, 1.0) * ahead(9.0);
}

float chin_dimples() { return bump(Q.x, 1.5) * bump(Q.y + 6.2, 1.0) * ahead(9.0) * smoothstep(0.45, 0.75, noise(Q * 2.2)); }

float neck_lines() {
    float below = smoothstep(-8.6, -9.6, Q.y) * smoothstep(-15.0, -13.5, Q.y) * ahead(0.0);
    return lines((Q.y + 0.04 * Q.x * Q.x + 0.25 * wave(vec3(Q.x * 0.6, Q.y, who))) * 1.7, 0.10) * below;
}
