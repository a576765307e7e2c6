// A soft key with a shadow, a fill from the other side, a rim from behind, sky and ground. Colours linear.
uniform vec3 key_direction, key_colour, fill_direction, fill_colour, rim_direction, rim_colour, sky_colour, ground_colour;
uniform float camera_distance, shadow_radius, shadow_texel;
uniform mat3 shadow_axes;
uniform sampler2DShadow shadow_map;

vec3 to_screen(vec3 c) {
    c *= 0.92;
    c = c * (1.0 + c / 6.0) / (1.0 + c * 0.62);
    return pow(clamp(c * 1.22, 0.0, 1.0), vec3(1.0 / 2.2));
}

vec3 to_eye(vec3 p) { return normalize(vec3(0.0, 0.5, camera_distance) - p); }

// 1 where the key reaches the point p with normal n, 0 in the head's own shadow.
float key_reaches(vec3 p, vec3 n, float softness) {
    vec3 q = shadow_axes * (p + n * 0.12) / shadow_radius;
    vec3 at = vec3(q.xy * 0.5 + 0.5, 0.5 - q.z * 0.5 - 0.006);
    vec2 far = vec2(0.92, 0.38) * softness * shadow_texel, near = far.yx * vec2(-0.6, 0.6); // fixed: noise would flicker
    float sum = texture(shadow_map, vec3(at.xy, at.z));
    sum += texture(shadow_map, vec3(at.xy + far, at.z)) + texture(shadow_map, vec3(at.xy - far, at.z));
    sum += texture(shadow_map, vec3(at.xy + near, at.z)) + texture(shadow_map, vec3(at.xy - near, at.z));
    return sum * 0.2;
}

float key_reaches_hard(vec3 p) {
    vec3 q = shadow_axes * p / shadow_radius;
    return texture(shadow_map, vec3(q.xy * 0.5 + 0.5, 0.5 - q.z * 0.5 - 0.012));
}

// What comes from all around: sky above, ground below, darker where `open` (ambient occlusion) is small.
vec3 around(vec3 n, float open) { return mix(ground_colour, sky_colour, n.y * 0.5 + 0.5) * open; }

vec3 matt(vec3 albedo, vec3 n, float shadow, float open) {
    vec3 light = key_colour * max(dot(n, key_direction), 0.0) * shadow + fill_colour * max(dot(n, fill_direction) * 0.7 + 0.3, 0.0) * open;
    return albedo * (light + around(n, open));
}

// Blinn-Phong, normalised: `power` is about 2 / roughness^4.
float lobe(vec3 n, vec3 view, vec3 light, float power) {
    vec3 h = normalize(light + view);
    return pow(max(dot(n, h), 0.0), power) * (power + 8.0) * 0.04 * max(dot(n, light), 0.0);
}

vec3 rim(vec3 n, vec3 view, float open) {
    float edge = pow(1.0 - clamp(dot(n, view), 0.0, 1.0), 2.5);
    return rim_colour * edge * clamp(dot(n, rim_direction), 0.0, 1.0) * open;
}
